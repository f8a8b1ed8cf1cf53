"""The list on the desk: one of its items, several ticked ones in one go, and all of it as a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import WaitingItem
from accounts.safe_csv import CSV
from accounts.views.viewer import UNPROCESSABLE, SeeOther, press_again, safe_next, viewer
from coordination.forms.ticked import HandOverForm, keys_of, seen_of
from coordination.pages.coordinator_scope import CoordinatorScope, scope_or_404
from coordination.pages.desk_export import waiting_file
from coordination.pages.desk_filter import StuckFilter
from coordination.pages.desk_item import item_context
from coordination.pages.desk_list import with_mail
from coordination.pages.ticked import (
    handed_over_sentence,
    refused_sentences,
    reminded_sentence,
    titles_of,
)
from coordination.workflow.hand_over_choices import choices_of, pending_decisions
from coordination.workflow.ticked import MOST, Outcome, hand_over_ticked, remind_ticked
from shadowing.offers.filters import Directory

SECTION = "coordination:desk"
NONE_TICKED = "Tick at least one item first."
NOTHING_TO_HAND_OVER = "None of these waits for a manager’s decision, so there is nothing to hand over."
TOO_MANY = f"Only the first {MOST} were looked at. Tick the others again."
FETCHED = "Downloaded the list of what needs an answer."


@require_safe
def desk_item(request: HttpRequest, pk: str) -> HttpResponse:
    """Show one waiting item with what can be done about it, and lead to the next one."""
    directory = Directory()
    scope = scope_or_404(viewer(request), directory)
    item = get_object_or_404(with_mail(scope.items()), pk=pk)
    context = item_context(request, item, scope, directory)
    return render(request, "coordination/desk/item.html", {"section": SECTION, **context})


@require_safe
def desk_file(request: HttpRequest) -> HttpResponse:
    """Send the filtered list as CSV."""
    directory = Directory()
    scope = scope_or_404(viewer(request), directory)
    content = waiting_file(scope, StuckFilter.of(request.GET, directory), directory)
    audit.note(AuditKind.EXPORTED, FETCHED, actor=scope.person)
    response = HttpResponse(content, content_type=CSV)
    response["Content-Disposition"] = 'attachment; filename="waiting.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def remind_several(request: HttpRequest) -> HttpResponse:
    """Remind the owners of the ticked items."""
    scope, back = scope_or_404(viewer(request), Directory()), safe_next(request, reverse(SECTION))
    if request.method != "POST":
        return press_again(request, reverse(SECTION))
    items = _ticked(request, scope)
    if not items:
        messages.info(request, NONE_TICKED)
        return SeeOther(back)
    titles, outcome = titles_of(items, scope), remind_ticked(items, scope.person)
    _report(request, outcome, titles, reminded_sentence(outcome))
    return SeeOther(back)


def hand_over_several(request: HttpRequest) -> HttpResponse:
    """Ask who is to decide on the ticked items instead, then hand them over."""
    scope, back = scope_or_404(viewer(request), Directory()), safe_next(request, reverse(SECTION))
    if request.method != "POST":
        return press_again(request, reverse(SECTION))
    items = _ticked(request, scope)
    decisions = pending_decisions(items)
    if not decisions:
        messages.info(request, NOTHING_TO_HAND_OVER if items else NONE_TICKED)
        return SeeOther(back)
    answered = "chosen" in request.POST
    form = HandOverForm(
        request.POST if answered else None, choices=choices_of(decisions.values()), of=len(decisions)
    )
    titles = titles_of(items, scope)
    if not form.is_valid():
        context: dict[str, Any] = {
            "section": SECTION,
            "form": form,
            "rows": [(item, titles[item.pk], decisions.get(item.pk)) for item in items if item.pk in titles],
            "back_url": back,
        }
        status = UNPROCESSABLE if answered else 200
        return render(request, "coordination/desk/hand_over.html", context, status=status)
    outcome = hand_over_ticked(
        items, scope.person, to=form.chosen, seen=seen_of(request.POST), words=form.cleaned_data["words"]
    )
    _report(request, outcome, titles, handed_over_sentence(outcome, form.chosen))
    return SeeOther(back)


def _ticked(request: HttpRequest, scope: CoordinatorScope) -> list[WaitingItem]:
    """Return the ticked items that are in the viewer's scope, also those answered since."""
    keys: list[UUID] = keys_of(request.POST)
    if len(keys) > MOST:
        messages.warning(request, TOO_MANY)
    items = scope.items().filter(pk__in=keys[:MOST]).select_related("owner")
    return list(with_mail(items).order_by("since", "pk"))


def _report(request: HttpRequest, outcome: Outcome, titles: dict[UUID, str], done: str) -> None:
    """Say what was done, and what was not and why."""
    if outcome.done:
        messages.success(request, done)
    for sentence in refused_sentences(outcome, titles):
        messages.warning(request, sentence)
