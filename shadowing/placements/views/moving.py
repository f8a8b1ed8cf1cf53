"""The page to suggest other dates for an agreed visit."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.views.viewer import viewer
from accounts.workflow import require_possible
from shadowing.placements.forms.moving import ProposeMoveForm
from shadowing.placements.views.placement_actions import OK, form_page
from shadowing.rules.placements_to_see import visible_placement


@require_safe
def placement_move(request: HttpRequest, pk: str) -> HttpResponse:
    """Show the form with the agreed dates; it posts to the URL of all actions on a visit."""
    person = viewer(request)
    placement = get_object_or_404(visible_placement(pk, person))
    require_possible(placement, "propose_move", person)
    form = ProposeMoveForm(record=placement, person=person)
    return form_page(request, "propose_move", form, status=OK)
