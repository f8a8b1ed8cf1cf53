"""The page where one side writes its reflection, and the URL that saves a draft while typing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.days import clock
from accounts.views.viewer import CONFLICT, UNPROCESSABLE, SeeOther, viewer
from accounts.workflow import TransitionError, perform
from shadowing.enums import PlacementStatus, Share
from shadowing.models import Placement
from shadowing.reflections.forms.reflections import ReflectionForm
from shadowing.reflections.pages.reflection_page import (
    ReflectionEditor,
    editor_of,
    form_context,
    reading_context,
)
from shadowing.reflections.workflow.answers import SavedElsewhereError, changes_of
from shadowing.reflections.workflow.reflecting import AFTER, keep_draft
from shadowing.rules.placements_to_see import visible_placement
from shadowing.rules.policies import takes_part

FORM, READ = "shadowing/reflections/reflection_form.html", "shadowing/reflections/reflection.html"
KEPT = "Your draft is kept. Only you can read it."
SENT = "Thank you. It is sent, and read by those you chose for each answer."
CHANGED = "The changes are kept."
SHARED = "Kept. Each answer is read by those you chose."
EXCEPT = "Kept at {at}, except what is not right yet: {labels}"
NOT_BEFORE = "You write about a visit once it has taken place."


@require_http_methods(["GET", "HEAD", "POST"])
def reflection(request: HttpRequest, pk: str) -> HttpResponse:
    """Show, save, send or share the reflection; ``act`` says which."""
    editor = _editor(request, pk)
    if request.method == "POST":
        return _handle_post(request, editor)
    if not editor.is_mine or (editor.is_sent and "change" not in request.GET):
        return render(request, READ, reading_context(editor))
    return render(request, FORM, form_context(editor, editor.form()))


def _handle_post(request: HttpRequest, editor: ReflectionEditor) -> HttpResponse:
    act = request.POST.get("act")
    if act == "share":
        return _share(request, editor)
    return _keep(request, editor) if act == "keep" and not editor.is_sent else _send(request, editor)


def _keep(request: HttpRequest, editor: ReflectionEditor) -> HttpResponse:
    """Save the draft; fields with errors are shown, all others are saved."""
    form = editor.form(request.POST, sending=False)
    form.is_valid()
    try:
        keep_draft(editor.placement, actor=editor.person, answers=form.given(), mark=form.mark())
    except SavedElsewhereError as error:
        return _show_newer(request, editor, error, sending=False)
    if form.errors:
        return _form_again(request, editor, form, UNPROCESSABLE)
    messages.success(request, KEPT)
    return SeeOther(editor.placement.get_absolute_url())


def _send(request: HttpRequest, editor: ReflectionEditor) -> HttpResponse:
    """Send the reflection, or the changes to a sent one."""
    form = editor.form(request.POST)
    if not form.is_valid():
        return _form_again(request, editor, form, UNPROCESSABLE)
    if editor.is_sent and editor.is_mine and not changes_of(editor.reflection, form.given()):
        return SeeOther(editor.url)
    action = "change_reflection" if editor.is_sent else "send_reflection"
    try:
        perform(editor.placement, action, actor=editor.person, answers=form.given(), mark=form.mark())
    except SavedElsewhereError as error:
        return _show_newer(request, editor, error)
    except TransitionError as error:  # what was typed stays in the form
        form.add_error(None, error.sentence)
        return _form_again(request, editor, form, CONFLICT)
    messages.success(request, CHANGED if editor.is_sent else SENT)
    return SeeOther(editor.url)


def _share(request: HttpRequest, editor: ReflectionEditor) -> HttpResponse:
    """Change who may read which answer."""
    chosen = {
        question.pk: wanted
        for question in editor.questions
        if (wanted := request.POST.get(f"share_{question.pk}")) in (Share.PRIVATE, *_wider())
    }
    perform(editor.placement, "share_answers", actor=editor.person, shares=chosen)
    messages.success(request, SHARED)
    return SeeOther(editor.url)


def _wider() -> tuple[str, ...]:
    return (Share.SHARED, Share.EVIDENCE)


def _form_again(
    request: HttpRequest, editor: ReflectionEditor, form: ReflectionForm, status: int
) -> HttpResponse:
    return render(
        request, FORM, form_context(editor_of(editor.placement, editor.person), form), status=status
    )


def _show_newer(
    request: HttpRequest, editor: ReflectionEditor, error: TransitionError, *, sending: bool = True
) -> HttpResponse:
    """Show what another window has saved next to this one's input; the next press overwrites it knowingly."""
    fresh = editor_of(editor.placement, editor.person)
    data: Any = request.POST.copy()
    data["seen"] = fresh.reflection.version
    form = fresh.form(data, sending=sending)
    form.is_valid()
    return render(request, FORM, form_context(fresh, form, newer=error.sentence), status=CONFLICT)


@require_POST
def reflection_keep(request: HttpRequest, pk: str) -> HttpResponse:
    """Save the draft while typing; the page's script reads the JSON response."""
    editor = _editor(request, pk)
    form = editor.form(request.POST, sending=False)
    form.is_valid()
    try:
        kept = keep_draft(editor.placement, actor=editor.person, answers=form.given(), mark=form.mark())
    except TransitionError as error:
        return JsonResponse({"trouble": error.sentence}, status=CONFLICT)
    at, labels = clock(kept.saved_at), ", ".join(str(form[name].label) for name in form.errors)
    trouble = EXCEPT.format(at=at, labels=labels) if labels else ""
    return JsonResponse({"version": kept.version, "kept": f"Draft kept at {at}.", "trouble": trouble})


def _editor(request: HttpRequest, pk: str) -> ReflectionEditor:
    """Return the editor of the signed-in person.

    Raises Http404, PermissionDenied or TransitionError.
    """
    person = viewer(request)
    placement: Placement = get_object_or_404(visible_placement(pk, person))
    if not takes_part(person, placement):
        raise PermissionDenied
    if placement.status in (PlacementStatus.AGREED, PlacementStatus.TAKING_PLACE):
        raise TransitionError(NOT_BEFORE)
    if placement.status not in AFTER:
        raise TransitionError("This visit did not take place, so there is nothing to write about it.")
    return editor_of(placement, person)
