"""Close a department or open it again, with the offers of its branch."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse

from accounts.workflow import TransitionError
from coordination.workflow.branches import Branch, close_branch, reopen_branch
from departments.admin import DepartmentAdmin
from departments.models import Department
from shadowing.rules.admin_actions import administrator_of

SHOWN = 20


class ClosableDepartmentAdmin(DepartmentAdmin):
    """The departments' admin with closing.

    It is defined here because ``departments`` does not know offers.
    """

    change_form_template = "admin/department_change_form.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the confirmation page."""
        view = self.admin_site.admin_view(self.opening_view)
        return [path("<int:pk>/opening/", view, name="departments_department_opening"), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the department with a link to close or open it."""
        opening = (
            reverse("admin:departments_department_opening", args=[object_id])
            if object_id.isascii() and object_id.isdecimal()
            else ""
        )
        return super().change_view(
            request, object_id, form_url, {**(extra_context or {}), "opening_url": opening}
        )

    def opening_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what would happen (GET), then close or open the whole branch (POST)."""
        department = get_object_or_404(Department, pk=pk)
        if not self.has_change_permission(request, department):
            raise PermissionDenied
        if request.method == "POST":
            return self._turn(request, department)
        return self._ask(request, department)

    def _turn(self, request: HttpRequest, department: Department) -> HttpResponse:
        closing = request.POST.get("turn") == "close"
        try:
            if closing:
                paused = close_branch(department, actor=administrator_of(request))
                said = f"{department.name} is closed; {paused} offers are paused."
            else:
                reopen_branch(department)
                said = (
                    f"{department.name} takes part again. Paused offers are opened by their hosts, or here."
                )
        except TransitionError as error:
            messages.error(request, error.sentence)
        else:
            self.log_change(request, department, "Closed." if closing else "Opened again.")
            messages.success(request, said)
        return HttpResponseRedirect(reverse("admin:departments_department_change", args=[department.pk]))

    def _ask(self, request: HttpRequest, department: Department) -> HttpResponse:
        branch = Branch(department)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "department": department,
            "title": f"Close {department.name}" if department.is_open else f"Open {department.name} again",
            "below": branch.below(),
            "offers": branch.open_offers().select_related("host")[:SHOWN],
            "number": branch.open_offers().count(),
            "under_way": branch.requests_under_way(),
            "agreed": branch.visits_to_come(),
        }
        return render(request, "admin/department_opening.html", context)


admin.site.unregister(Department)
admin.site.register(Department, ClosableDepartmentAdmin)
