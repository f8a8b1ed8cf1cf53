"""Forms for the answers of the line manager and of the host's manager."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from accounts.forms.fields import AnyDay
from shadowing.enums import HostReason, ManagerReason
from shadowing.rules.action_forms import ActionForm, ReasonForm, reason_field, words_field
from shadowing.rules.deadlines import window_remarks
from shadowing.rules.time_spans import require_confirmation


class ApproveForm(ActionForm):
    """Approval in principle and for a window of dates: the one requested unless the manager changes it."""

    window_starts = AnyDay(label="First day that suits the team", required=False)
    window_ends = AnyDay(
        label="Last day that suits the team",
        help_text="If the host’s dates fall between these days, you are not asked again.",
        required=False,
    )
    words = words_field("A word to go with it", "Your colleague and the host can read it.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("window_starts", self.record.window_starts)
        self.initial.setdefault("window_ends", self.record.window_ends)

    def clean(self) -> dict[str, Any]:
        """Check that the window is not reversed or over, and ask about unusual days in it."""
        given = super().clean() or self.cleaned_data
        first = given.get("window_starts") or self.record.window_starts
        last = given.get("window_ends") or self.record.window_ends
        if self.errors:
            return given
        if last < first:
            self.add_error(
                "window_ends", "The last day comes before the first. Swap them, or choose a later day."
            )
        elif last < timezone.localdate():
            self.add_error("window_ends", "These days are over. Choose a last day that is still to come.")
        elif (first, last) != (self.record.window_starts, self.record.window_ends):
            require_confirmation(
                self, window_remarks(self.record.offer.scheme, first, last, self.record.shadow)
            )
        return given


class SendBackForm(ActionForm):
    """Sending a request back to the shadow, with what to change or answer."""

    words = words_field(
        "Your question, or what should change", "Your colleague gets these words.", required=True
    )


class DeclineForm(ReasonForm):
    """The line manager declines. The host never sees the reason."""

    reason = reason_field(ManagerReason.choices, hint="Your colleague sees it; the host does not.")
    words = words_field("A word to go with it", "A kind sentence helps more than you think.")


class AgreeHostingForm(ActionForm):
    """The host's manager agrees that the team hosts."""

    words = words_field("A word to go with it", "It is kept with the decision.")


class RefuseHostingForm(ReasonForm):
    """The host's manager declines."""

    reason = reason_field(HostReason.choices, hint="Visitor, host and line manager see it.")
    words = words_field("A word to go with it", "A kind sentence helps more than you think.")
