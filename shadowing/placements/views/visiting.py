"""The attendance page of a session with several visitors."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accounts.models import Person
from accounts.views.viewer import UNPROCESSABLE, SeeOther, viewer
from accounts.workflow import TransitionError, perform
from shadowing.placements.forms.attendance import Answer, AttendanceForm
from shadowing.placements.pages.attendance import attendance_context, sessions_hosted, visits_to_answer

OK = 200


@require_http_methods(["GET", "HEAD", "POST"])
def session_attendance(request: HttpRequest, pk: str) -> HttpResponse:
    """Show a host who is expected and who came, and record the host's answers."""
    person = viewer(request)
    session = get_object_or_404(sessions_hosted(person).select_related("offer__department"), pk=pk)
    form = AttendanceForm(
        request.POST if request.method == "POST" else None, visits=visits_to_answer(session, person)
    )
    if form.is_valid():
        _note(request, person, form.answers())
        return SeeOther(request.path)
    context = attendance_context(session, person, form)
    return render(
        request,
        "shadowing/placements/attendance.html",
        context,
        status=UNPROCESSABLE if form.is_bound else OK,
    )


def _note(request: HttpRequest, person: Person, answers: list[Answer]) -> None:
    """Record each answer separately.

    Where somebody has answered meanwhile, that answer remains and the others are recorded.
    """
    noted = 0
    for answer in answers:
        try:
            perform(answer.placement, answer.action, actor=person, **answer.inputs)
            noted += 1
        except TransitionError as refusal:
            messages.warning(request, f"{answer.placement.shadow.full_name}: {refusal.sentence}")
    if noted:
        messages.success(request, f"Thank you. Noted for {noted} {'person' if noted == 1 else 'people'}.")
