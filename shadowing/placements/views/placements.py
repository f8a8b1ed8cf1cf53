"""Views of an agreed visit: its page, its arrangements, its calendar file."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views.viewer import UNPROCESSABLE, SeeOther, viewer
from accounts.workflow import TransitionError, perform, require_possible
from shadowing.enums import PlacementStatus
from shadowing.mail.invitations import calendar_file
from shadowing.placements.forms.placements import ArrangeForm
from shadowing.placements.pages.placement_page import CALLED_OFF, placement_context
from shadowing.rules.participation_policies import can_arrange_placement
from shadowing.rules.placements_to_see import visible_placement

SAVED = "Saved. {shadow} is told, and calendars follow."


@require_safe
@never_cache  # on a shared computer the back button must not show it
def placement_detail(request: HttpRequest, pk: str) -> HttpResponse:
    """Show the page of one visit."""
    person = viewer(request)
    placement = get_object_or_404(visible_placement(pk, person))
    return render(request, "shadowing/placements/placement_detail.html", placement_context(placement, person))


@require_http_methods(["GET", "HEAD", "POST"])
def placement_edit(request: HttpRequest, pk: str) -> HttpResponse:
    """Let the host change place, contact and agenda."""
    person = viewer(request)
    placement = get_object_or_404(visible_placement(pk, person))
    if not can_arrange_placement(person, placement):
        raise PermissionDenied
    require_possible(placement, "rearrange", person)
    form = ArrangeForm(request.POST if request.method == "POST" else None, placement=placement)
    if not form.is_valid():
        context = {"form": form, "placement": placement, "section": "home:home"}
        return render(
            request,
            "shadowing/placements/placement_form.html",
            context,
            status=UNPROCESSABLE if form.is_bound else 200,
        )
    if form.has_changed():
        done = perform(placement, "rearrange", actor=person, **form.cleaned_data)
        messages.success(request, SAVED.format(shadow=done.shadow.full_name))
    return SeeOther(placement.get_absolute_url())


@require_safe
def placement_calendar(request: HttpRequest, pk: str) -> HttpResponse:
    """Return the visit's dates as a calendar file."""
    placement = get_object_or_404(visible_placement(pk, viewer(request)))
    if placement.status in CALLED_OFF:
        raise TransitionError(f"{CALLED_OFF[PlacementStatus(placement.status)]}.")
    response = HttpResponse(calendar_file(placement), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="visit.ics"'
    return response
