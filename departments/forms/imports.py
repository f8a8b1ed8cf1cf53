"""Forms that upload an HR file, choose its columns, and confirm its import."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from departments.enums import ImportKind
from departments.imports.columns import Chosen
from departments.imports.dates import DAY_FIRST, MONTH_FIRST
from departments.imports.file_outline import FIELDS
from departments.imports.options import ALWAYS_ALLOWED, LEAVERS
from departments.imports.reader import LARGEST
from departments.imports.rows import DATES
from departments.models import HrImport

MEGABYTES = LARGEST // 1024**2
TOO_LARGE = f"The file is larger than {MEGABYTES} MB, so it was not taken. Split it into several."
CUT_OFF = "The upload broke off on its way, so the file was not taken. Choose it again."
ORDER_CHOICES = (
    ("", "As the other dates of the column show"),
    (DAY_FIRST, "3 December 2026 (the day first)"),
    (MONTH_FIRST, "12 March 2026 (the month first)"),
)
NOT_TICKED = "Tick this if they have really left. Otherwise go back and upload a whole file."


class UploadForm(forms.Form):
    """A file, its content, and the share of leavers it may cause.

    The field ``whole`` is last in the form, so that an interrupted upload lacks it.
    """

    kind = forms.ChoiceField(
        label="What does the file hold?",
        choices=ImportKind.choices,
        widget=forms.RadioSelect,
        initial=ImportKind.PEOPLE,
        help_text="Bring in departments first: people belong to them.",
    )
    complete = forms.BooleanField(
        label="The file names everybody who works here: whoever is missing from it has left",
        required=False,
        help_text="Only for files of people. Without it, nobody is marked as left for being missing.",
    )
    most_leavers = forms.IntegerField(
        label="Stop when more than this share would be marked as left, in percent",
        min_value=0,
        max_value=100,
        initial=LEAVERS,
        help_text=f"Up to {ALWAYS_ALLOWED} leavers are always allowed. You can approve a stopped import.",
    )
    file = forms.FileField(
        label="The file",
        help_text=f"CSV or XLSX, up to {MEGABYTES} MB. We write nothing before you see what would change.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
        error_messages={
            "required": "Choose a file.",
            "empty": "The file is empty. Its first line has to name the columns.",
            "max_length": "The file’s name is too long. Give it a shorter one.",
        },
        max_length=200,
    )
    whole = forms.CharField(widget=forms.HiddenInput, initial="yes", required=False)

    def __init__(self, *args: Any, too_large: bool = False, **kwargs: Any) -> None:
        self.too_large = too_large
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Show one error about the file: too large, cut off, or the field's own error."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        file = given.get("file")
        if self.too_large or (file is not None and (file.size or 0) > LARGEST):
            self._say(TOO_LARGE)
        elif file is not None and given.get("whole") != "yes":
            self._say(CUT_OFF)
        return given

    def _say(self, sentence: str) -> None:
        self.errors.pop("file", None)
        self.add_error("file", sentence)


class ColumnsForm(forms.Form):
    """Where the list is in the file, and the meaning of each column."""

    sheet = forms.ChoiceField(label="Sheet", required=False)
    header_row = forms.IntegerField(
        label="Line that names the columns",
        min_value=1,
        max_value=1000,
        help_text="Titles above it are skipped.",
        error_messages={"required": "Write the number of the line."},
    )

    def __init__(self, job: HrImport, posted: QueryDict | None = None) -> None:
        self.outline, self.kind = job.outline, job.kind
        super().__init__(posted, initial=self._initial(job))
        sheets = self.outline["sheets"]
        if len(sheets) > 1:
            self.fields["sheet"] = forms.ChoiceField(label="Sheet", choices=[(name, name) for name in sheets])
        else:
            del self.fields["sheet"]
        choices = [("", "Leave out"), *((each.name, each.label) for each in FIELDS[job.kind].fields)]
        for at, column in enumerate(self.outline["columns"]):
            self.fields[f"column_{at}"] = forms.ChoiceField(
                label=f"What is “{column['key']}”?", choices=choices, required=False
            )
        for name in DATES if job.kind == ImportKind.PEOPLE else ():
            self.fields[f"order_{name}"] = forms.ChoiceField(
                label=f"How 03/12/2026 is meant: {FIELDS[job.kind].label(name).lower()}",
                choices=ORDER_CHOICES,
                required=False,
            )

    def _initial(self, job: HrImport) -> dict[str, Any]:
        columns = {f"column_{at}": each["field"] for at, each in enumerate(self.outline["columns"])}
        orders = {f"order_{name}": order for name, order in job.chosen.get("dates", {}).items()}
        place = {"sheet": self.outline["sheet"], "header_row": self.outline["header_row"]}
        return {**columns, **orders, **place}

    @property
    def looks_elsewhere(self) -> bool:
        """Whether another sheet or header line was chosen, so that the columns must be asked for again."""
        given = self.cleaned_data
        sheet = given.get("sheet", self.outline["sheet"])
        return bool((sheet, given.get("header_row")) != (self.outline["sheet"], self.outline["header_row"]))

    def clean(self) -> dict[str, Any]:
        """Require each field at most once, and the required fields."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors or self.looks_elsewhere:
            return given
        fields, taken = FIELDS[self.kind], dict[str, str]()
        for at, column in enumerate(self.outline["columns"]):
            name = given[f"column_{at}"]
            if name and name in taken:
                sentence = (
                    f"“{taken[name]}” is {fields.label(name).lower()} already. Choose another, or leave out."
                )
                self.add_error(f"column_{at}", sentence)
            elif name:
                taken[name] = column["key"]
        if missing := fields.missing(set(taken)):
            names = ", ".join(fields.label(name).lower() for name in missing)
            self.add_error(None, f"Choose the columns for: {names}.")
        return given

    @property
    def chosen(self) -> Chosen:
        """Return the choice; without columns if they must be asked for again."""
        given = self.cleaned_data
        place = (given.get("sheet", self.outline["sheet"]), given["header_row"])
        if self.looks_elsewhere:
            return Chosen(*place)
        columns = {each["key"]: given[f"column_{at}"] for at, each in enumerate(self.outline["columns"])}
        dates = {name: order for name in DATES if (order := given.get(f"order_{name}"))}
        return Chosen(*place, columns, dates)


class ConfirmForm(forms.Form):
    """The confirmation of a preview; if unusually many would leave, it asks to confirm that too."""

    plan = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, job: HrImport, posted: QueryDict | None = None) -> None:
        super().__init__(posted, initial={"plan": job.plan})
        if job.leavers_too_many:
            people = "1 person has" if job.left == 1 else f"{job.left:,} people have"
            self.fields["leavers"] = forms.BooleanField(
                label=f"Yes, {people} really left", error_messages={"required": NOT_TICKED}
            )
