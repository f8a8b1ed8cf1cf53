"""Admin page to erase a person: it shows what will happen and what refuses it, then does it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse

from accounts.admin.base import UserAdmin, has_every_right
from accounts.enums import How
from accounts.models import Person
from accounts.protection import erasure
from accounts.sign_in.recent_sign_in import fresh_sign_in_required
from accounts.workflow import TransitionError

CHANGE = "admin:accounts_person_change"


class ErasePersonAdmin(UserAdmin[Person]):
    """Adds the erase page to the person's admin page; for superusers after a recent sign-in."""

    change_form_template = "admin/person_change_form.html"

    def get_urls(self) -> list[URLPattern]:
        """Put the erase page before Django's own URLs."""
        view = self.admin_site.admin_view(fresh_sign_in_required(self.erase_view))
        return [path("<int:pk>/erase/", view, name="accounts_person_erase"), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Add the link to the erase page, for those who may use it."""
        more = {"may_erase": has_every_right(request)}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})

    def erase_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for confirmation (GET), then erase (POST)."""
        if not (isinstance(request.user, Person) and request.user.has_every_right):
            raise PermissionDenied
        person = get_object_or_404(Person, pk=pk)
        if request.method != "POST":
            return self._ask(request, person, erasure.refusals(person, request.user), status=200)
        try:
            done = erasure.erase(person, by=request.user, how=How.ADMIN)
        except TransitionError:
            return self._ask(request, person, erasure.refusals(person, request.user), status=409)
        messages.success(request, "Erased. What is counted stays." if done else erasure.ALREADY)
        return HttpResponseRedirect(reverse(CHANGE, args=[pk]))

    def _ask(self, request: HttpRequest, person: Person, refused: list[str], *, status: int) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "person": person,
            "title": "Erase this person",
            "refused": [erasure.ALREADY] if person.erased_at else refused,
            "rows": [] if refused or person.erased_at else erasure.preview(person).items(),
            "back_url": reverse(CHANGE, args=[person.pk]),
        }
        return render(request, "admin/erase.html", context, status=status)
