"""The page on which one side writes its reflection on a visit."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from shadowing.models import Placement
from shadowing.views.viewer import SeeOther, viewer


@require_http_methods(["GET", "HEAD", "POST"])
def reflection(request: HttpRequest, pk: str) -> HttpResponse:
    """The form of one side."""
    placement = get_object_or_404(Placement.objects.visible_to(viewer(request)), pk=pk)
    return SeeOther(placement.get_absolute_url())
