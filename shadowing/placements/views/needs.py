"""The visitor's adjustment: stored, changed and deleted by the visitor alone."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from accounts.views.viewer import UNPROCESSABLE, SeeOther, press_again, viewer
from shadowing.placements.forms.before_visits import NeedsForm
from shadowing.placements.workflow.adjustments import keep_needs, require_own
from shadowing.rules.placements_to_see import visible_placement

KEPT = "Saved. {host} can read it on this page until the visit ends."
FORGOTTEN = "Deleted. Nothing of it is kept."


@never_cache
def placement_needs(request: HttpRequest, pk: str) -> HttpResponse:
    """Store the visitor's adjustment; an empty form or the other button deletes it."""
    person = viewer(request)
    placement = get_object_or_404(visible_placement(pk, person))
    if request.method != "POST":
        return press_again(request, placement.get_absolute_url())
    require_own(placement, person)
    form = NeedsForm(request.POST)
    if not form.is_valid():
        context = {"form": form, "placement": placement, "action_label": "Save for my host"}
        return render(
            request,
            "shadowing/placements/placement_act.html",
            {**context, "body": form.body},
            status=UNPROCESSABLE,
        )
    keep_needs(placement, person, form.words())
    confirmation = KEPT.format(host=placement.host.full_name) if form.words() else FORGOTTEN
    messages.success(request, confirmation)
    return SeeOther(f"{placement.get_absolute_url()}#needs")
