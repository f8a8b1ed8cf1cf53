"""Forms for what the shadow and the host do with a request."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.forms.fields import Words
from shadowing.enums import HostReason, StepBackReason
from shadowing.models import Request
from shadowing.rules.action_forms import ActionForm, ReasonForm, reason_field
from shadowing.rules.arrangement_fields import agenda_field, contact_field, place_field
from shadowing.rules.date_rows import DateRows


class WithdrawForm(ActionForm):
    """The shadow withdraws; the reason is optional."""

    reason = forms.ChoiceField(
        label="Reason", required=False, choices=[("", "I would rather not say"), *StepBackReason.choices]
    )
    words = Words(label="A word to go with it", required=False, max_length=2000)


class RejectDatesForm(ActionForm):
    """The shadow asks for other dates, and says which would suit."""

    words = Words(
        label="Which days would suit you?",
        help_text="The host reads this and suggests other dates. Your place stays held for you.",
        max_length=2000,
        error_messages={"required": "Write which days would suit you, so that the host can choose."},
    )


class WaitingListForm(ActionForm):
    """The host puts the request on the waiting list."""

    words = Words(label="A word to go with it", required=False, max_length=2000)


class DeclineHostingForm(ReasonForm):
    """The host declines, with a reason; "another reason" needs words."""

    reason = reason_field(HostReason.choices, hint="Your colleague and their line manager see it.")
    words = Words(
        label="A word to go with it",
        help_text="A kind sentence helps more than you think.",
        required=False,
        max_length=2000,
    )


class ArrangementForm(ActionForm):
    """Where to come, whom to call and what is planned; prefilled from the offer."""

    body = "shadowing/requests/request_dates_form.html"

    place = place_field(
        "Building, floor, where to report; for an online visit, where the link will come from."
    )
    contact = contact_field()
    agenda = agenda_field()

    def __init__(self, *args: Any, record: Request, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        offer, kept = record.offer, record.arrangements
        self.initial.setdefault("place", kept.get("place") or (str(offer.site) if offer.site else ""))
        self.initial.setdefault(
            "contact", kept.get("contact") or f"{offer.host.plain_name}, {offer.host.email}"
        )
        self.initial.setdefault("agenda", kept.get("agenda", ""))


def date_rows(form: forms.Form, record: Request) -> DateRows:
    """Return the rows for the dates of a request, which its visitor and its host would attend."""
    return DateRows(form, record.offer, [record.shadow, record.offer.host])


class AgreeForm(ArrangementForm):
    """The host agrees: to the session's own time or, by arrangement, to dates given here."""

    def __init__(self, *args: Any, record: Request, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        self.dates = date_rows(self, record) if record.session.by_arrangement else None

    def clean(self) -> dict[str, Any]:
        """Validate the dates, where dates are asked for."""
        given = super().clean() or self.cleaned_data
        if self.dates is not None:
            given["visits"] = self.dates.clean()
        return given

    def inputs(self) -> dict[str, Any]:
        """Return the inputs for ``perform``: the arrangements, and the dates where they are asked for."""
        names = ("place", "contact", "agenda", "visits", "words")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}


class ProposeDatesForm(AgreeForm):
    """The host suggests other dates, which the shadow is asked to confirm."""

    words = Words(label="A word to go with the dates", required=False, max_length=2000)

    def __init__(self, *args: Any, record: Request, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        self.dates = self.dates or date_rows(self, record)


REQUEST_FORMS: dict[str, type[ActionForm]] = {
    "withdraw": WithdrawForm,
    "reject_dates": RejectDatesForm,
    "put_on_waiting_list": WaitingListForm,
    "decline_hosting": DeclineHostingForm,
    "agree": AgreeForm,
    "propose_dates": ProposeDatesForm,
}
