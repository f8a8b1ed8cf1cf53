"""Forms of a scheme's rules and texts. Each carries a fingerprint of the values it was opened with."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError

from accounts.forms.fields import Line, Words
from shadowing.enums import Side
from shadowing.models import ReflectionQuestion, Scheme
from shadowing.models.wording import names_for, parts_of

GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "Who may go, and for how long",
        "A day is two half-days. Agreed visits count, within one appraisal year.",
        (
            *("probation_passed", "own_department_allowed", "shortest_half_days", "longest_half_days"),
            *("cap_half_days", "live_requests", "missed_counts"),
        ),
    ),
    (
        "Who agrees",
        "The line manager always decides; nothing is ever agreed by silence.",
        ("offers_checked", "host_manager_part", "decide_by_email"),
    ),
    (
        "When nobody answers",
        "Working days, counted from the day something is asked. Several days are written like 3,6.",
        (
            *("manager_reminder_days", "manager_escalation_day", "manager_lapse_day"),
            *("host_reminder_days", "host_lapse_day", "late_cancellation_days"),
        ),
    ),
    (
        "After a visit",
        "Reflections are asked for in working days, what came of it in days.",
        ("reflection_days", "share_day", "later_days"),
    ),
    (
        "Working days",
        "Bank holidays of this country and region, besides your own closure days.",
        ("holiday_country", "holiday_region"),
    ),
    ("Words", "What your organisation calls them.", ("name", "word_shadow", "word_host")),
)
RULES = tuple(name for _, _, names in GROUPS for name in names)
LABELS = {
    "name": "Name of the scheme",
    "probation_passed": "Only after probation",
    "own_department_allowed": "Visits inside one’s own department are allowed",
    "shortest_half_days": "Shortest visit, in half-days",
    "longest_half_days": "Longest visit, in half-days",
    "cap_half_days": "Half-days per person and year",
    "live_requests": "Requests under way per person",
    "missed_counts": "A visit missed without excuse counts",
    "offers_checked": "Offers are checked by a coordinator before they open",
    "host_manager_part": "The host’s manager",
    "decide_by_email": "Deciding from the email",
    "manager_reminder_days": "The line manager is reminded on days",
    "manager_escalation_day": "A coordinator is asked to help on day",
    "manager_lapse_day": "The request lapses on day",
    "host_reminder_days": "The host is reminded on days",
    "host_lapse_day": "Without an answer of the host it lapses on day",
    "late_cancellation_days": "Cancelling counts as late from so many working days before",
    "reflection_days": "A reflection is asked for on days",
    "share_day": "Shared answers are shown at the latest after days",
    "later_days": "What came of it is asked after days",
    "holiday_country": "Country, in two letters",
    "holiday_region": "Region",
    "word_shadow": "Who visits is called",
    "word_host": "Who is visited is called",
}
HINTS = {
    "probation_passed": "Nobody on probation can ask for a visit.",
    "cap_half_days": "Nobody can ask for more than is left of these.",
    "live_requests": "How many one person may have waiting for an answer at once.",
    "missed_counts": "Towards the half-days above. A coordinator can forgive it.",
    "decide_by_email": "By the link alone asks for no sign-in; a receipt goes to the manager.",
    "manager_reminder_days": "The deputy gets a copy. Leave it empty for no reminder.",
    "manager_lapse_day": "Nothing is agreed or declined by that: it can be asked again.",
    "holiday_country": "GB for the United Kingdom.",
    "holiday_region": "ENG, NIR, SCT or WLS. Leave it empty for the whole country.",
}
DAYS = ("manager_reminder_days", "host_reminder_days", "reflection_days", "later_days")
NUMBERS, MOST_DIGITS = "Write whole numbers with commas between them, like 3,6.", 4
NONE_ASKED = "{side}: at least one question has to be asked, or nobody could send an answer."
NO_WORDS = "“{text}” has no words any more. To ask it no longer, take its tick away."
EMPTY = "Both sides accept this text: write what they agree to."
SIDES = {Side.SHADOW: "For who visits", Side.HOST: "For who hosts", Side.MANAGER: "For the line manager"}
MOST_ITEMS, LONGEST_ITEM = 20, 200


def normalised_text(words: str) -> str:
    """Return the text with uniform line ends, so that equal words make equal versions in every browser."""
    text = words.replace("\r\n", "\n").strip()
    if not text:
        raise ValidationError(EMPTY)
    return text


class FingerprintForm(forms.Form):
    """``seen`` is the fingerprint of the values shown, so that an unseen change is not overwritten."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class DayNumbers(SimpleArrayField):
    """A list of day numbers such as 3,6."""

    def clean(self, value: Any) -> Any:
        """Return the numbers. Raises one ValidationError, whatever is wrong with how many of them."""
        typed = (
            [part.strip() for part in value.split(",")] if isinstance(value, str) and value.strip() else []
        )
        if not all(part.isdecimal() and len(part) <= MOST_DIGITS for part in typed):
            raise ValidationError(NUMBERS)
        return super().clean(value)


class RulesForm(forms.ModelForm):  # type: ignore[type-arg]  # takes its model while types are checked only
    """All rules. The model's own validation refuses contradictions."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Scheme
        fields = RULES
        labels = LABELS
        help_texts = HINTS
        field_classes: ClassVar[dict[str, type[forms.Field]]] = {
            **dict.fromkeys(DAYS, DayNumbers),
            **dict.fromkeys(("name", "word_shadow", "word_host", "holiday_country", "holiday_region"), Line),
        }

    def grouped(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """Return the fields grouped under their headings."""
        return [(title, hint, [self[name] for name in names]) for title, hint, names in GROUPS]


class AgreementForm(FingerprintForm):
    """The text that both sides accept."""

    words = Words(
        label="The agreement",
        help_text="An empty line begins a new paragraph.",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 16, "dir": "auto"}),
        error_messages={"required": EMPTY},
    )

    def clean_words(self) -> str:
        """Return the text with uniform line ends, so that only changed words make a new version."""
        return normalised_text(self.cleaned_data["words"])


class WordingForm(FingerprintForm):
    """The scheme's own paragraph at the head of one mail; may be empty."""

    words = Words(label="Your own paragraph", max_length=1000, required=False)

    def __init__(self, *args: Any, template: str, **given: Any) -> None:
        super().__init__(*args, **given)
        self.names = names_for(template)
        said = ", ".join(f"{{{name}}} ({meaning})" for name, meaning in self.names.items())
        self.fields[
            "words"
        ].help_text = f"It stands at the head of the mail. Leave it empty for none. You can use: {said}."

    def clean_words(self) -> str:
        """Refuse placeholders that could not be filled in when the mail is written."""
        words: str = self.cleaned_data["words"].replace("\r\n", "\n").strip()
        list(parts_of(words, self.names))
        return words


class ChecklistsForm(FingerprintForm):
    """The checklist of each side, one item per line."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        for side, label in SIDES.items():
            self.fields[side.value] = Words(
                label=label, help_text="One item a line, in their order.", required=False, max_length=8000
            )

    def clean(self) -> dict[str, Any]:
        """Turn lines into items without duplicates, and check their number and length."""
        given = super().clean() or self.cleaned_data
        for side in SIDES:
            lines = [" ".join(line.split()) for line in given.get(side.value, "").splitlines()]
            items = list(dict.fromkeys(filter(None, lines)))
            given[side.value] = items
            if len(items) > MOST_ITEMS:
                self.add_error(side.value, f"{MOST_ITEMS} items are the most.")
            elif any(len(item) > LONGEST_ITEM for item in items):
                self.add_error(side.value, f"Please shorten each item to {LONGEST_ITEM} characters.")
        return given


class QuestionsForm(FingerprintForm):
    """Text, hint and use of each question; answers keep the text they were given to."""

    def __init__(self, *args: Any, questions: list[ReflectionQuestion], **given: Any) -> None:
        super().__init__(*args, **given)
        self.questions = questions
        for one in questions:
            longest = one._meta.get_field("text").max_length
            required = {"required": NO_WORDS.format(text=one.text)}
            self.fields[f"text_{one.key}_{one.side}"] = Line(
                label="Question", max_length=longest, error_messages=required
            )
            hint = one._meta.get_field("hint").max_length
            self.fields[f"hint_{one.key}_{one.side}"] = Line(label="Hint", max_length=hint, required=False)
            asked = forms.BooleanField(label="Is asked", required=False)
            self.fields[f"asked_{one.key}_{one.side}"] = asked

    def clean(self) -> dict[str, Any]:
        """Require at least one question for each side."""
        given = super().clean() or self.cleaned_data
        asked = {one.side for one in self.questions if given.get(f"asked_{one.key}_{one.side}")}
        for side in dict.fromkeys(one.side for one in self.questions):
            if side not in asked:
                self.add_error(None, NONE_ASKED.format(side=Side(side).label))
        return given

    def grouped(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the fields of each question under a heading that names its side and kind."""
        parts = ("text", "hint", "asked")
        return [
            (
                f"{Side(one.side).label}: {one.get_kind_display()[0].lower()}{one.get_kind_display()[1:]}",
                [self[f"{part}_{one.key}_{one.side}"] for part in parts],
            )
            for one in self.questions
        ]
