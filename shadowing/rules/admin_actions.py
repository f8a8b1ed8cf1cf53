"""Workflow actions in the admin: each has a confirmation page and is performed by ``perform``."""

from __future__ import annotations

from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse

from accounts.admin.base import NoDeleteAdmin
from accounts.enums import How
from accounts.models import HistoryEntry, Person
from accounts.workflow import TransitionError, available_actions, perform, workflow_of
from shadowing.enums import StepBackReason

M = TypeVar("M", bound=models.Model)


class WordsForm(forms.Form):
    """Optional words with an action; they go into the history and, where the action sends one, the mail."""

    words = forms.CharField(
        label="Your words",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
    )


class NeededWordsForm(WordsForm):
    """Required words with an action."""

    words = forms.CharField(
        label="What should be changed",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
    )


class ReasonForm(WordsForm):
    """A reason from the list, and optional words."""

    reason = forms.ChoiceField(label="Reason", choices=StepBackReason.choices)
    field_order = ("reason", "words")


class WorkflowAdmin(NoDeleteAdmin[M]):
    """Admin of records with a status. ``acts`` maps the actions offered here to their forms.

    An action is shown only where the workflow lets this person perform it now; the admin bypasses no policy.
    """

    acts: dict[str, type[forms.Form]] = {}
    change_form_template = "admin/workflow_change_form.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: records are created on the site, where its rules are checked."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Return the URLs of the action pages, before Django's own."""
        act = path(
            "<uuid:pk>/act/<str:action>/",
            self.admin_site.admin_view(self.act_view),
            name=f"{self.opts.app_label}_{self.opts.model_name}_act",
        )
        return [act, *super().get_urls()]

    def possible(self, request: HttpRequest, record: M) -> list[tuple[str, str]]:
        """Return name and button label of the actions this person can perform now."""
        table = workflow_of(record).transitions
        return [
            (name, table[name].label)
            for name in available_actions(record, administrator_of(request))
            if name in self.acts
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the record with its actions and its history."""
        record = self.get_object(request, object_id)
        more = {} if record is None else {"acts": self._links(request, record), "past": history_of(record)}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})

    def _links(self, request: HttpRequest, record: M) -> list[dict[str, str]]:
        possible = self.possible(request, record) if self.has_change_permission(request, record) else []
        return [{"label": label, "url": self._act_url(record, name)} for name, label in possible]

    def _act_url(self, record: M, action: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_act", args=[record.pk, action])

    def act_view(self, request: HttpRequest, pk: str, action: str) -> HttpResponse:
        """Show the confirmation page (GET), or perform the action (POST).

        Raises PermissionDenied without change permission, Http404 for an action not offered here.
        """
        record = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        if action not in self.acts:
            raise Http404
        form = self.acts[action](request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                perform(record, action, actor=administrator_of(request), how=How.ADMIN, **form.cleaned_data)
            except TransitionError as error:
                form.add_error(None, error.sentence)
            else:
                messages.success(request, f"Done: {workflow_of(record).transitions[action].label}.")
                return HttpResponseRedirect(self._change_url(record))
        return self._ask(request, record, action, form)

    def _ask(self, request: HttpRequest, record: M, action: str, form: forms.Form) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "record": record,
            "title": workflow_of(record).transitions[action].label,
            "form": form,
            "back_url": self._change_url(record),
        }
        too_late = form.is_bound and bool(form.non_field_errors())
        return render(request, "admin/act.html", context, status=409 if too_late else 200)

    def _change_url(self, record: M) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[record.pk])

    def perform_on_all(self, request: HttpRequest, records: QuerySet[M], action: str) -> None:
        """Perform one action on each of the chosen records; report those that failed, and why."""
        done = 0
        for record in records.order_by("pk"):
            try:
                perform(record, action, actor=administrator_of(request), how=How.ADMIN)
                done += 1
            except TransitionError as error:
                messages.warning(request, f"{record}: {error.sentence}")
            except PermissionDenied:
                messages.warning(request, f"{record}: this is not for you to do.")
        if done:
            messages.success(request, f"Done for {done}.")


def administrator_of(request: HttpRequest) -> Person:
    """Return the administrator. Raises PermissionDenied for anybody else; the admin checks this first."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


def history_of(record: models.Model) -> list[HistoryEntry]:
    """Return the history of a record, without the words people gave."""
    return list(HistoryEntry.objects.about(record).defer("reason"))
