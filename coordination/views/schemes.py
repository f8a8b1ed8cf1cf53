"""The rules and texts of a scheme: coordinators read them, those who run it change them after a preview."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views.viewer import CONFLICT, UNPROCESSABLE, SeeOther, viewer
from accounts.workflow import TransitionError
from coordination.example_mails import example_of
from coordination.forms.schemes import (
    RULES,
    AgreementForm,
    ChecklistsForm,
    QuestionsForm,
    RulesForm,
    WordingForm,
)
from coordination.pages.coordinator_scope import CoordinatorScope, scope_or_404
from coordination.pages.schemes import (
    NOTHING,
    Change,
    Preview,
    address,
    agreement_preview,
    code_of,
    list_changes,
    mail_rows,
    question_changes,
    rule_changes,
    rule_effects,
    scheme_context,
    schemes_seen,
)
from coordination.workflow.scheme_settings import (
    AGREEMENT,
    CHECKLISTS,
    QUESTIONS,
    Part,
    fingerprint_of,
    questions_of,
    rules_part,
    save_part,
    wording_part,
)
from shadowing.mail.wording import mails_by_recipient
from shadowing.models import Scheme
from shadowing.offers.filters import Directory

SECTION = "coordination:desk"
EDITED, PREVIEW = "coordination/schemes/edit.html", "coordination/schemes/preview.html"
FORM = ["GET", "HEAD", "POST"]
SAVED = "Saved. It holds from now on."
TICKED = "What visits have ticked off already stays on their pages."
ANSWERED = "What was answered already keeps the words it was asked with."


@dataclass(frozen=True)
class Edit:
    """One part being edited: form, page title, and the preview before saving."""

    part: Part
    title: str
    form: Callable[[Any, dict[str, Any]], forms.BaseForm]
    preview: Callable[[Mapping[str, Any], Mapping[str, Any]], Preview]
    back: str


@require_safe
def scheme_list(request: HttpRequest) -> HttpResponse:
    """List the schemes that the viewer may see; redirect when there is only one."""
    seen = schemes_seen(_scope(request))
    if len(seen) == 1:
        return SeeOther(address(seen[0]))
    rows = [(scheme, address(scheme)) for scheme in seen]
    return render(request, "coordination/schemes/list.html", {"section": SECTION, "rows": rows})


@require_safe
def scheme(request: HttpRequest, code: str) -> HttpResponse:
    """Show all rules and texts of one scheme."""
    scope, found = _scheme(request, code)
    context = scheme_context(found, scope.person, may_edit=found.pk in scope.schemes)
    back = {"section": SECTION, "back_url": reverse(SECTION)}
    return render(request, "coordination/schemes/detail.html", {**context, **back})


@require_http_methods(FORM)
def scheme_rules(request: HttpRequest, code: str) -> HttpResponse:
    """Edit the rules."""
    found = _own(request, code)
    part = rules_part(RULES)

    def preview(before: Mapping[str, Any], after: Mapping[str, Any]) -> Preview:
        return Preview(rule_changes(before, after), rule_effects(found, before, after))

    def form(sent: Any, initial: dict[str, Any]) -> forms.BaseForm:
        return RulesForm(sent, instance=Scheme.objects.get(pk=found.pk), initial=initial)

    return _edit(request, found, Edit(part, "Change the rules", form, preview, address(found)))


@require_http_methods(FORM)
def scheme_agreement(request: HttpRequest, code: str) -> HttpResponse:
    """Edit the agreement; a new wording becomes a new version."""
    found = _own(request, code)
    edit = Edit(
        AGREEMENT,
        "Rewrite the agreement",
        lambda sent, initial: AgreementForm(sent, initial=initial),
        lambda before, after: agreement_preview(found, after["words"]),
        address(found),
    )
    return _edit(request, found, edit)


@require_http_methods(FORM)
def scheme_checklists(request: HttpRequest, code: str) -> HttpResponse:
    """Edit the checklists of both sides."""
    found = _own(request, code)

    def form(sent: Any, initial: dict[str, Any]) -> forms.BaseForm:
        lines = {name: "\n".join(value) for name, value in initial.items() if name != "seen"}
        return ChecklistsForm(sent, initial={**initial, **lines})

    def preview(before: Mapping[str, Any], after: Mapping[str, Any]) -> Preview:
        return _texts(list_changes(before, after), TICKED)

    return _edit(request, found, Edit(CHECKLISTS, "Change the checklists", form, preview, address(found)))


@require_http_methods(FORM)
def scheme_questions(request: HttpRequest, code: str) -> HttpResponse:
    """Edit the reflection questions."""
    found = _own(request, code)
    questions = questions_of(found)
    edit = Edit(
        QUESTIONS,
        "Change the questions after a visit",
        lambda sent, initial: QuestionsForm(sent, questions=questions, initial=initial),
        lambda before, after: _texts(question_changes(before, after), ANSWERED),
        address(found),
    )
    return _edit(request, found, edit)


@require_safe
def scheme_mails(request: HttpRequest, code: str) -> HttpResponse:
    """List all mails with the scheme's own paragraphs."""
    scope, found = _scheme(request, code)
    context = {
        "scheme": found,
        "groups": mail_rows(found),
        "may_edit": found.pk in scope.schemes,
        "back_url": address(found),
        "section": SECTION,
    }
    return render(request, "coordination/schemes/mails.html", context)


@require_http_methods(FORM)
def scheme_mail(request: HttpRequest, code: str, template: str) -> HttpResponse:
    """Edit the scheme's own paragraph of one mail; the preview shows the whole mail."""
    found = _own(request, code)
    known = {name: label for rows in mails_by_recipient().values() for name, label in rows}
    if template not in known:
        raise Http404

    def preview(before: Mapping[str, Any], after: Mapping[str, Any]) -> Preview:
        empty = "no paragraph of your own"
        change = Change("Your own paragraph", before["words"] or empty, after["words"] or empty)
        mail = example_of(template, after["words"], found)
        if before["words"] == after["words"]:
            return Preview([], [NOTHING], mail)
        return Preview([change], ["Mails that were sent or wait to be sent stay as they are."], mail)

    edit = Edit(
        wording_part(template),
        f"Mail: {known[template].lower()}",
        lambda sent, initial: WordingForm(sent, template=template, initial=initial),
        preview,
        address(found, "scheme-mails"),
    )
    return _edit(request, found, edit)


def _edit(request: HttpRequest, found: Scheme, edit: Edit) -> HttpResponse:
    """Show the form, then the preview, then save.

    Show a conflict when another coordinator saved meanwhile.
    """
    state = edit.part.state(found)
    fingerprint = fingerprint_of(state)
    form = edit.form(request.POST if request.method == "POST" else None, {**state, "seen": fingerprint})
    if not form.is_valid():
        return _page(request, found, edit, form, status=UNPROCESSABLE if form.is_bound else 200)
    values = form.cleaned_data
    if "change" in request.POST:
        return _page(request, found, edit, form)
    if values["seen"] == fingerprint and "save" not in request.POST:
        return _page(request, found, edit, form, preview=edit.preview(state, values))
    try:
        save_part(edit.part, found, values, seen=values["seen"], by=viewer(request))
    except TransitionError as error:
        form.add_error(None, error.sentence)
        form.data = {
            **request.POST.dict(),
            "seen": fingerprint,
        }  # the conflict was shown: the next save overwrites
        return _page(request, found, edit, form, preview=edit.preview(state, values), status=CONFLICT)
    messages.success(request, SAVED)
    return SeeOther(edit.back)


def _page(
    request: HttpRequest,
    found: Scheme,
    edit: Edit,
    form: forms.BaseForm,
    *,
    preview: Preview | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "section": SECTION,
        "scheme": found,
        "title": edit.title,
        "form": form,
        "preview": preview,
        "back_url": edit.back,
    }
    return render(request, EDITED if preview is None else PREVIEW, context, status=status)


def _texts(changes: list[Change], sentence: str) -> Preview:
    return Preview(changes, [sentence] if changes else [NOTHING])


def _scope(request: HttpRequest) -> CoordinatorScope:
    return scope_or_404(viewer(request), Directory())


def _scheme(request: HttpRequest, code: str) -> tuple[CoordinatorScope, Scheme]:
    """Return the scope and the scheme with that code. Raises Http404 when the viewer may not see it."""
    scope = _scope(request)
    for found in schemes_seen(scope):
        if code_of(found) == code:
            return scope, found
    raise Http404


def _own(request: HttpRequest, code: str) -> Scheme:
    """Return the scheme, to change it. Raises PermissionDenied when the viewer may only read it."""
    scope, found = _scheme(request, code)
    if found.pk not in scope.schemes:
        raise PermissionDenied
    return found
