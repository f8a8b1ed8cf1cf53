"""The people who have not talked about shadowing yet, and a reminder to their managers."""

from __future__ import annotations

from collections import defaultdict

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Person
from accounts.views.viewer import SeeOther, press_again, safe_next, viewer
from appraisals.models import Cycle
from appraisals.policies import can_run_cycles
from coordination.forms.ticked import keys_of
from coordination.pages.not_talked import not_talked_context
from coordination.workflow.talk_nudges import NudgeOutcome, nudge_managers_of

SECTION = "coordination:desk"
PAGE = "coordination:not-talked"
NONE_TICKED = "Tick at least one person first."
SENT = "{managers} will get one email each, about {people}."
NOT_SENT = "No email about {names}. {why}"


@require_safe
def not_talked(request: HttpRequest) -> HttpResponse:
    """List the people without a conversation in the open cycle."""
    context = not_talked_context(_runner(request), request.GET)
    return render(request, "coordination/desk/not_talked.html", {"section": SECTION, **context})


def remind_managers(request: HttpRequest) -> HttpResponse:
    """Email the managers of the ticked people."""
    person, back = _runner(request), safe_next(request, reverse(PAGE))
    if request.method != "POST":
        return press_again(request, reverse(PAGE))
    cycle, keys = Cycle.objects.at(timezone.localdate()), keys_of(request.POST)
    if cycle is None or not keys:
        messages.info(request, NONE_TICKED)
        return SeeOther(back)
    _report(request, nudge_managers_of(keys, cycle, by=person))
    return SeeOther(back)


def _runner(request: HttpRequest) -> Person:
    """Return the viewer. Raises Http404 unless they run the cycles."""
    person = viewer(request)
    if not can_run_cycles(person):
        raise Http404
    return person


def _report(request: HttpRequest, outcome: NudgeOutcome) -> None:
    """Say who gets an email, and about whom none goes and why."""
    if outcome.managers:
        people = f"{outcome.people} {'person' if outcome.people == 1 else 'people'}"
        managers = f"{outcome.managers} {'manager' if outcome.managers == 1 else 'managers'}"
        messages.success(request, SENT.format(managers=managers, people=people))
    by_reason: dict[str, list[str]] = defaultdict(list)
    for name, why in outcome.refused:
        by_reason[why].append(name)
    for why, names in by_reason.items():
        messages.warning(request, NOT_SENT.format(names=", ".join(names), why=why))
