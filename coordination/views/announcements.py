"""Coordinators write announcements; a preview comes before saving."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.pages.paging import page_of
from accounts.views.viewer import UNPROCESSABLE, SeeOther, too_late, viewer
from accounts.workflow import TransitionError
from coordination.forms.announcements import ALL, AnnouncementForm
from coordination.pages.announcements import announcements_in_scope, row_of, whom_choices
from coordination.pages.coordinator_scope import CoordinatorScope, scope_or_404
from coordination.workflow.announcements import announce, change_announcement, end_announcement
from shadowing.models import Announcement
from shadowing.offers.filters import Directory

SECTION, LIST = "coordination:desk", "coordination:announcements"
LIST_PAGE = "coordination/announcements/list.html"
SIZE = 20
FORM = ["GET", "HEAD", "POST"]
FIELDS = ("title", "words", "shows_from", "shows_until", "by_mail")
KEPT = "Your announcement is kept. It is shown from its first day on."
ENDED = "The announcement is not shown any more."


@require_safe
def announcements(request: HttpRequest) -> HttpResponse:
    """List the announcements in the viewer's scope, newest first."""
    directory = Directory()
    scope = scope_or_404(viewer(request), directory)
    page = page_of(request, announcements_in_scope(scope, directory), by="-written_at", size=SIZE)
    today = timezone.localdate()
    context = {"rows": [row_of(one, today) for one in page.rows], "page": page}
    return _page(request, LIST_PAGE, context)


@require_http_methods(FORM)
def announcement_create(request: HttpRequest) -> HttpResponse:
    """Write a new announcement."""
    directory = Directory()
    scope = scope_or_404(viewer(request), directory)
    return _write(request, scope, directory, None)


@require_http_methods(FORM)
def announcement_edit(request: HttpRequest, pk: str) -> HttpResponse:
    """Change an announcement that is not shown yet."""
    directory = Directory()
    scope = scope_or_404(viewer(request), directory)
    found = get_object_or_404(announcements_in_scope(scope, directory), pk=pk)
    return _write(request, scope, directory, found)


@require_http_methods(FORM)
def announcement_end(request: HttpRequest, pk: str) -> HttpResponse:
    """End an announcement, after a confirmation page."""
    directory = Directory()
    scope = scope_or_404(viewer(request), directory)
    found = get_object_or_404(announcements_in_scope(scope, directory), pk=pk)
    if request.method != "POST":
        return _page(
            request, "coordination/announcements/end.html", {"row": row_of(found, timezone.localdate())}
        )
    try:
        end_announcement(found, by=scope.person)
    except TransitionError as error:
        return _too_late(request, error)
    messages.success(request, ENDED)
    return SeeOther(reverse(LIST))


def _write(
    request: HttpRequest, scope: CoordinatorScope, directory: Directory, found: Announcement | None
) -> HttpResponse:
    """Show the form, then the preview, then save."""
    form = AnnouncementForm(
        request.POST if request.method == "POST" else None,
        branches=whom_choices(scope, directory),
        initial=_initial(found),
    )
    context = {"form": form, "found": found}
    if not form.is_valid() or "change" in request.POST:
        return _page(request, "coordination/announcements/form.html", context, form if form.errors else None)
    values = form.values()
    if "save" not in request.POST:
        draft = Announcement(**values, by=scope.person)
        return _page(
            request,
            "coordination/announcements/preview.html",
            {**context, "announcement": draft, "people": draft.people().count()},
        )
    try:
        if found is None:
            announce(Announcement(pk=form.key, **values), by=scope.person)
        else:
            change_announcement(found, values, by=scope.person)
    except TransitionError as error:
        return _too_late(request, error)
    messages.success(request, KEPT)
    return SeeOther(reverse(LIST))


def _initial(found: Announcement | None) -> dict[str, Any]:
    if found is None:
        return {"shows_from": timezone.localdate()}
    branch = found.branch.code if found.branch is not None else ALL
    return {**{name: getattr(found, name) for name in FIELDS}, "branch": branch}


def _page(request: HttpRequest, name: str, context: dict[str, Any], form: Form | None = None) -> HttpResponse:
    back = reverse(SECTION if name == LIST_PAGE else LIST)
    return render(
        request,
        name,
        {"section": SECTION, "back_url": back, **context},
        status=UNPROCESSABLE if form is not None else 200,
    )


def _too_late(request: HttpRequest, error: TransitionError) -> HttpResponse:
    return too_late(request, error.sentence, reverse(LIST), "Announcements")
