"""Base classes for the forms of actions on an appraisal: they turn input into arguments for ``perform``."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.forms.fields import Words
from accounts.models import Person
from appraisals.models import Appraisal


class ActionForm(forms.Form):
    """The form of one action on ``appraisal``; the base class has no fields.

    Several forms on one page get distinct element ids through ``auto_id``; field names have no prefix.
    """

    def __init__(self, *args: Any, appraisal: Appraisal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.appraisal = appraisal
        self.use_required_attribute = False

    @property
    def asks_something(self) -> bool:
        """Whether the form has any visible field."""
        return bool(self.visible_fields())

    def inputs(self) -> dict[str, Any]:
        """Return the keyword arguments for ``perform``; call it only when the form is valid."""
        return dict(self.cleaned_data)

    def is_repeated(self, actor: Person) -> bool:
        """Whether the same input was stored already (sent twice). Call it while the row is locked."""
        return False

    def typed(self) -> str:
        """Return the free text that was typed, so that it can be shown again when the action is refused."""
        words = [str(self.data.get(name, "")) for name, field in self.fields.items() if _is_written(field)]
        return "\n\n".join(filter(None, words))


class SeenForm(ActionForm):
    """A form that carries the version of the appraisal that the person saw, as the hidden field ``seen``."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput(attrs={"id": False}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"seen": self.appraisal.version, **self.initial}


class RecordKeyField(forms.UUIDField):
    """A hidden field with the key of a record; cleans to the record, which must be one of ``rows``."""

    rows: QuerySet[Any]

    def __init__(self, gone: str) -> None:
        self.gone = gone
        errors = {"required": gone, "invalid": gone}
        super().__init__(widget=forms.HiddenInput(attrs={"id": False}), error_messages=errors)

    def clean(self, value: Any) -> Any:
        """Return the record. Raises ValidationError when it is not in ``rows``."""
        found = self.rows.filter(pk=super().clean(value)).first()
        if found is None:
            raise forms.ValidationError(self.gone)
        return found


class RecordForm(ActionForm):
    """A form about one objective or note of the appraisal; ``about`` names the field that holds its key."""

    about: str

    def accept_only(self, rows: QuerySet[Any]) -> None:
        """Accept only records in ``rows``."""
        field = self.fields[self.about]
        assert isinstance(field, RecordKeyField)  # noqa: S101  # every such form declares it
        field.rows = rows

    def clean(self) -> dict[str, Any]:
        """Show errors of the hidden key field above the form, because the field itself is not visible."""
        given = super().clean() or self.cleaned_data
        for sentence in self.errors.pop(self.about, []):
            self.add_error(None, sentence)
        return given


def words_field(
    label: str, hint: str, *, required: bool, longest: int, rows: int = 4, empty: str = ""
) -> Words:
    """Return a multi-line field for free text."""
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
