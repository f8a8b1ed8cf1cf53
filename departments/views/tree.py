"""The tree of departments, and the page of each department."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.free_text import one_line
from accounts.views.viewer import viewer
from departments.models import Coordinator, Department
from departments.pages.outline import outline

SECTION = "departments:list"


@require_safe
def department_list(request: HttpRequest) -> HttpResponse:
    """Show all departments and teams as a tree; ``q`` filters by name or code."""
    query = one_line(request.GET.get("q", ""))
    context = {"section": SECTION, "outline": outline(query)}
    return render(request, "departments/department_list.html", context)


@require_safe
def department_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Show a department: summary, what visitors see, contact, and open visits."""
    departments = Department.objects.select_related("site", "head", "parent__parent__parent")
    department = get_object_or_404(departments, code=code.replace("\x00", ""))
    line = department.line_upwards()
    may_edit = viewer(request).is_administrator and viewer(request).has_perm("departments.change_department")
    context = {
        "section": SECTION,
        "department": department,
        "above": line[1:],
        "closed": next((each for each in line if not each.is_open), None),
        "below": list(department.children.order_by("name", "pk")),
        "coordinators": _coordinators(line),
        "edit_url": reverse("admin:departments_department_change", args=[department.pk]) if may_edit else "",
    }
    return render(request, "departments/department_detail.html", context)


def _coordinators(line: list[Department]) -> list[Coordinator]:
    """Return the coordinators of the nearest branch that has any."""
    named = Coordinator.objects.filter(department__in=line, person__is_active=True)
    by_department: dict[int, list[Coordinator]] = {}
    for coordinator in named.select_related("person", "department"):
        by_department.setdefault(coordinator.department_id, []).append(coordinator)
    return next((by_department[each.pk] for each in line if each.pk in by_department), [])
