"""Uploading an HR file, and confirming what it would do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from departments.enums import ImportKind
from departments.imports.reader import LARGEST
from departments.imports.terms import ALWAYS_ALLOWED, LEAVERS
from departments.models import HrImport

MEGABYTES = LARGEST // 1024**2
TOO_LARGE = f"The file is larger than {MEGABYTES} MB, so it was not taken. Split it into several."
CUT_OFF = "The upload broke off on its way, so the file was not taken. Choose it again."
NOT_TICKED = "Tick this if they have really left. Otherwise go back and upload a whole file."


class UploadForm(forms.Form):
    """A file, what it holds, and how much of the organisation it is about.

    ``whole`` comes last in the form: an upload that was cut off does not have it.
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
        help_text=f"Up to {ALWAYS_ALLOWED} people always may. What stops can still be let through by you.",
    )
    file = forms.FileField(
        label="The file",
        help_text=f"CSV in UTF-8 or XLSX, up to {MEGABYTES} MB. Nothing is written before you have seen what "
        "would change.",
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
        """One sentence about the file: too large, cut off, or what the field says."""
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


class ConfirmForm(forms.Form):
    """Yes to what was shown; and, where many would leave, that they have."""

    plan = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, job: HrImport, posted: QueryDict | None = None) -> None:
        super().__init__(posted, initial={"plan": job.plan})
        if job.leavers_too_many:
            people = "1 person has" if job.left == 1 else f"{job.left:,} people have"
            self.fields["leavers"] = forms.BooleanField(
                label=f"Yes, {people} really left", error_messages={"required": NOT_TICKED}
            )
