"""What every form of an action on an appraisal has in common: it turns input into ``perform``'s inputs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.forms.fields import Words
from accounts.models import Person
from appraisals.models import Appraisal


class ActionForm(forms.Form):
    """The form of one action on ``appraisal``; by itself it asks nothing.

    Several of them on one page are told apart with ``auto_id``; field names stay bare.
    """

    def __init__(self, *args: Any, appraisal: Appraisal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.appraisal = appraisal
        self.use_required_attribute = False

    @property
    def asks_something(self) -> bool:
        """Whether there is anything in it to fill in."""
        return bool(self.visible_fields())

    def inputs(self) -> dict[str, Any]:
        """What ``perform`` gets besides who and how; asked of a valid form only."""
        return dict(self.cleaned_data)

    def is_repeated(self, actor: Person) -> bool:
        """Whether it was sent twice: what it asks for stands already. Asked while the row is locked."""
        return False

    def typed(self) -> str:
        """The words that were written into it, to be given back when it comes too late."""
        words = [str(self.data.get(name, "")) for name, field in self.fields.items() if _is_written(field)]
        return "\n\n".join(filter(None, words))


class SeenForm(ActionForm):
    """What is agreed, read or signed is what the person saw: ``seen`` says how the appraisal stood then."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput(attrs={"id": False}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"seen": self.appraisal.version, **self.initial}


class OneOf(forms.UUIDField):
    """The record a form is about, one of ``rows``; its key travels hidden."""

    rows: QuerySet[Any]

    def __init__(self, gone: str) -> None:
        self.gone = gone
        errors = {"required": gone, "invalid": gone}
        super().__init__(widget=forms.HiddenInput(attrs={"id": False}), error_messages=errors)

    def clean(self, value: Any) -> Any:
        """The record itself."""
        found = self.rows.filter(pk=super().clean(value)).first()
        if found is None:
            raise forms.ValidationError(self.gone)
        return found


class AboutOne(ActionForm):
    """A form about one objective or note of the appraisal, named in the field ``about``."""

    about: str

    def look_among(self, rows: QuerySet[Any]) -> None:
        """The record has to be one of these."""
        field = self.fields[self.about]
        assert isinstance(field, OneOf)  # noqa: S101  # every such form declares it
        field.rows = rows

    def clean(self) -> dict[str, Any]:
        """What is gone is said above the form: the field that names it is not seen."""
        given = super().clean() or self.cleaned_data
        for sentence in self.errors.pop(self.about, []):
            self.add_error(None, sentence)
        return given


def words_field(
    label: str, hint: str, *, required: bool, longest: int, rows: int = 4, empty: str = ""
) -> Words:
    """Some lines in the person's own words."""
    return Words(
        label=label,
        help_text=hint,
        required=required,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
        error_messages={"required": empty} if empty else {},
    )


def _is_written(field: forms.Field) -> bool:
    return isinstance(field, Words)
