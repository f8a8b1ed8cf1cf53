"""The receipt for a decision made by the link alone, and its undo."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.enums import How
from accounts.models import Person
from accounts.views.viewer import UNPROCESSABLE, SeeOther, too_late
from accounts.workflow import TransitionError, available_actions, perform
from shadowing.enums import DecisionRole, ManagerReason
from shadowing.models import Decision, DecisionLink, Request

DECIDED_HERE = "decided_here"
KEEP, UNDO = "keep", "undo"
DECIDED = "This has been decided already. You can still take the decision back."


class UndoForm(forms.Form):
    """Keep or undo the decision.

    The answer is picked from a list, so that a client that presses every button changes nothing.
    """

    undo = forms.ChoiceField(
        label="What would you like to do?",
        choices=[("", "Choose one"), (KEEP, "Keep my decision"), (UNDO, "Take my decision back")],
    )


def remember_decided(request: HttpRequest, link: DecisionLink) -> None:
    """Store in the session that this browser has just decided: it may undo with one press."""
    request.session[DECIDED_HERE] = [*request.session.get(DECIDED_HERE, [])[-20:], str(link.decision_id)]


def undo_is_open(link: DecisionLink, person: Person) -> bool:
    """Return whether ``link``'s decision was made by the link alone and ``person`` can still undo it."""
    decision, record = link.decision, link.decision.request
    if decision.undo_until is None or decision.role != DecisionRole.LINE_MANAGER:
        return False
    latest = Decision.objects.latest_for(record, DecisionRole.LINE_MANAGER)
    return latest == decision and "undo_decision" in available_actions(record, person)


def receipt_page(request: HttpRequest, link: DecisionLink, person: Person) -> HttpResponse:
    """Show what was decided and until when it can be undone; undo it when that is chosen."""
    if request.method != "POST":
        return _receipt(request, link, UndoForm())
    if "answer" in request.POST:
        return too_late(request, DECIDED, request.path)
    form = UndoForm(request.POST)
    if not form.is_valid():
        return _receipt(request, link, form, status=UNPROCESSABLE)
    if form.cleaned_data["undo"] == KEEP:
        return SeeOther(request.path)
    return _undo(request, link, person)


def _undo(request: HttpRequest, link: DecisionLink, person: Person) -> HttpResponse:
    try:
        perform(link.decision.request, "undo_decision", actor=person, how=How.EMAIL_LINK)
    except TransitionError as error:
        return too_late(request, error.sentence, request.path)
    return render(
        request, "shadowing/requests/decide_undone.html", {"signed_in": isinstance(request.user, Person)}
    )


def _receipt(request: HttpRequest, link: DecisionLink, form: UndoForm, status: int = 200) -> HttpResponse:
    record = Request.objects.for_rows().get(pk=link.decision.request_id)
    context = {
        "record": record,
        "decision": link.decision,
        "reason": dict(ManagerReason.choices).get(link.decision.reason, ""),
        "form": form,
        "here": str(link.decision_id) in request.session.get(DECIDED_HERE, []),
    }
    return render(request, "shadowing/requests/decide_receipt.html", context, status=status)
