"""The coordinator's desk: stuck items, mail that could not be sent, and the actions that help."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import WaitingItem
from accounts.pages.paging import Page, page_of
from accounts.views.viewer import SeeOther, press_again, safe_back, safe_next, too_late, viewer
from accounts.workflow import TransitionError, require_possible
from coordination.pages.coordinator_scope import CoordinatorScope, scope_of
from coordination.pages.desk_filter import StuckFilter
from coordination.pages.desk_list import capped, stuck_page
from coordination.pages.desk_people import people_found
from coordination.pages.failed_items import failed_items
from coordination.pages.figures import overdue_now, year_so_far
from coordination.pages.lost_mail import FIRST, SIZE, lost_mail, rows_of, subject_of, unsent_sentence
from coordination.pages.offers_to_check import counted, first_to_check, rows_to_check, to_check
from coordination.pages.stuck import cards_of
from coordination.workflow.manual_reminders import AlreadyRemindedError, remind_now
from messaging import outbox
from messaging.models import Message
from messaging.outbox import PLAIN
from shadowing.models import Request
from shadowing.offers.filters import Directory
from shadowing.requests.forms.registry import form_for

SECTION = "coordination:desk"
REMINDED = "A reminder is on its way to {name}. The next one by hand can go on the next working day."
ON_ITS_WAY = "The mail “{subject}” is on its way to {address} again."
SENT_AGAIN = "Sent a mail again that could not be delivered."
NOT_LOST = "That mail has been sent, or is on its way already."


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Show the year, what is overdue in the viewer's scope, and the newest mail that could not be sent."""
    directory = Directory()
    scope = _scope(request, directory)
    wanted = StuckFilter.of(request.GET, directory)
    page = stuck_page(request, scope, wanted, directory)
    year, overdue = year_so_far(scope, directory)
    lost, offers = rows_of(lost_mail(scope)[: FIRST + 1]), first_to_check(scope)
    context = {
        "section": SECTION,
        "wanted": wanted,
        "filters": wanted.choices(directory),
        "page": page,
        "cards": cards_of(page.rows, scope),
        "lost": lost[:FIRST],
        "more_lost": len(lost) > FIRST,
        "unsent": unsent_sentence(),
        "failed": failed_items(scope),
        "offers": offers,
        "year": year,
        "overdue_count": overdue,
        "jump_url": "#listed" if overdue and not wanted.narrowed else "",
        "counts": {
            "listed": capped(overdue) if not wanted.narrowed else _listed(page),
            "lost": counted(len(lost[:FIRST]), more=len(lost) > FIRST),
        },
        "runs_cycles": scope.everywhere,
        "runs_schemes": bool(scope.schemes),
        **_table_urls(request, wanted),
    }
    return render(request, "coordination/desk/desk.html", context)


def _count(scope: CoordinatorScope) -> dict[str, Any]:
    """Return the number overdue for the navigation, which otherwise would look the scope up again."""
    return {"overdue_count": partial(overdue_now, scope)}


def _listed(page: Page[WaitingItem]) -> str:
    return counted(len(page.rows), more=bool(page.next_url or page.first_url))


def _table_urls(request: HttpRequest, wanted: StuckFilter) -> dict[str, Any]:
    """Return the addresses that the list links to, which keep the filter and the page."""
    here = {"after": request.GET["after"]} if request.GET.get("after") else {}
    ticked = request.GET.get("tick") == "page"
    return {
        "here": wanted.address(request.path, **here),
        "ticked": ticked,
        "tick_url": wanted.address(request.path, **here, **({} if ticked else {"tick": "page"})) + "#listed",
        "item_query": wanted.address("", **here),
        "file_url": wanted.address(reverse("coordination:desk-file")),
    }


@require_safe
def desk_offers(request: HttpRequest) -> HttpResponse:
    """List the offers that wait to be checked, longest waiting first."""
    scope = _scope(request, Directory())
    page = page_of(request, to_check(scope), by="changed_at", size=SIZE)
    context = {"section": SECTION, "page": page, "offers": rows_to_check(page.rows), **_count(scope)}
    return render(request, "coordination/desk/offers.html", context)


@require_safe
def desk_people(request: HttpRequest) -> HttpResponse:
    """Search for people in the viewer's scope."""
    directory = Directory()
    scope = _scope(request, directory)
    context = {"section": SECTION, "found": people_found(scope, directory, request.GET), **_count(scope)}
    return render(request, "coordination/desk/people.html", context)


@require_safe
def desk_mail(request: HttpRequest) -> HttpResponse:
    """List all mail to people in the viewer's scope that could not be sent."""
    scope = _scope(request, Directory())
    page = page_of(request, lost_mail(scope), by="-dated", size=SIZE)
    context = {
        "section": SECTION,
        "page": page,
        "lost": rows_of(page.rows),
        "unsent": unsent_sentence(),
        "here": request.get_full_path(),
        **_count(scope),
    }
    return render(request, "coordination/desk/mail.html", context)


def remind(request: HttpRequest, pk: str) -> HttpResponse:
    """Send the owner of a waiting item the scheduled reminder now."""
    scope, back = _scope(request, Directory()), safe_next(request, reverse(SECTION))
    item = get_object_or_404(scope.items(), pk=pk)
    if request.method != "POST":
        return press_again(request, reverse(SECTION))
    try:
        reminded = remind_now(item, scope.person)
    except AlreadyRemindedError as error:
        messages.info(request, error.sentence)
    except TransitionError as error:
        return too_late(request, error.sentence, back, "Back to the desk")
    else:
        messages.success(request, REMINDED.format(name=reminded.owner.full_name))
    return SeeOther(back)


@require_safe
def ask_other(request: HttpRequest, pk: str) -> HttpResponse:
    """Show the form that names another approver; it posts to the request's own address."""
    person = viewer(request)
    record = get_object_or_404(Request.objects.visible_record(pk, person).for_rows())
    require_possible(record, "ask_other", person)
    back = safe_back(request, reverse(SECTION))
    context = {
        "section": SECTION,
        "record": record,
        "form": form_for("ask_other")(record=record, initial={"next": back}),
        "action": reverse("shadowing:request-act", args=[record.pk, "ask_other"]),
        "back_url": back,
    }
    return render(request, "coordination/desk/ask_other.html", context)


def send_again(request: HttpRequest, pk: str) -> HttpResponse:
    """Queue one failed mail again, for the recipient's present address."""
    scope = _scope(request, Directory())
    found = get_object_or_404(scope.mail().exclude(template=PLAIN), pk=pk)
    if request.method != "POST":
        return press_again(request, reverse(SECTION))
    if outbox.requeue_failed(Message.objects.filter(pk=found.pk)):
        audit.note(AuditKind.ACTED, SENT_AGAIN, actor=scope.person, subject=found, person=found.recipient)
        found.refresh_from_db(fields=["to_email"])
        said = ON_ITS_WAY.format(subject=subject_of(found), address=found.to_email)
        messages.success(request, said)
    else:
        messages.info(request, NOT_LOST)
    return SeeOther(safe_next(request, reverse(SECTION)))


def _scope(request: HttpRequest, directory: Directory) -> CoordinatorScope:
    """Return the viewer's scope. Raises Http404 when they coordinate nothing."""
    scope = scope_of(viewer(request), directory)
    if scope is None:
        raise Http404
    return scope
