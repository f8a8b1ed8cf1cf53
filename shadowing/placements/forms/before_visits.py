"""Forms used before a visit: comment, agreement, checklist tick, adjustment."""

from __future__ import annotations

from django import forms

from accounts.forms.fields import Words
from shadowing.models import ChecklistItem
from shadowing.placements.forms.action_forms import VisitForm
from shadowing.placements.workflow.arranging import NOTHING_SAID, OFF_THE_LIST

LONGEST = 2000


class CommentForm(VisitForm):
    """A comment on what is planned."""

    words = Words(
        label="Your comment",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": NOTHING_SAID},
    )


class AcceptForm(VisitForm):
    """Acceptance of the version of the agreement that was shown."""

    number = forms.IntegerField(required=False, widget=forms.HiddenInput(attrs={"id": False}))


class TickForm(VisitForm):
    """One item of a checklist."""

    item = forms.IntegerField(
        widget=forms.HiddenInput(attrs={"id": False}),
        error_messages={"required": OFF_THE_LIST, "invalid": OFF_THE_LIST},
    )

    def clean_item(self) -> ChecklistItem:
        """Return the checklist item, if it belongs to the visit's scheme."""
        scheme = self.record.request.offer.scheme_id
        found = ChecklistItem.objects.filter(pk=self.cleaned_data["item"], scheme=scheme).first()
        if found is None:
            raise forms.ValidationError(OFF_THE_LIST)
        return found


class NeedsForm(forms.Form):
    """The adjustment the visitor needs to take part."""

    body = "components/form.html"

    needs = Words(
        label="What would help you to take part?",
        help_text="For example step-free ways, somebody who signs, breaks, a quiet place, something about "
        "food or an allergy. You need not give reasons.",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "autocomplete": "off"}),
    )

    def words(self) -> str:
        """Return the words to store; empty when they are to be deleted."""
        return "" if "forget" in self.data else str(self.cleaned_data["needs"])
