"""Admin pages of departments, sites, memberships and HR imports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from accounts.admin.audit_trail import note_coordinators
from accounts.admin.base import GuardedInline, LargeTableAdmin, ModelForm, NoDeleteAdmin
from accounts.admin.erase_person import ErasePersonAdmin
from accounts.admin.people import PersonAdmin
from accounts.models import Person
from accounts.self_granting import NAMES_YOU, Gains
from departments.identity import identity_for
from departments.imports.cells import CODE
from departments.imports.self_granting import LEFT_TO_YOU
from departments.models import Coordinator, Department, HrImport, Membership, Site
from departments.policies import can_import
from departments.self_granting import INTO_YOURS, gains_by_move, headed_by, leaves_decisions_to
from departments.views import imports

DEEPEST = 6  # levels that the style sheet indents
OF_DEPARTMENT = "membership__department__id__exact"


class DepartmentForm(ModelForm[Department]):
    """A department's texts and parent.

    The model refuses loops; this form refuses codes that differ only in case.
    """

    class Meta:
        model = Department
        fields = "__all__"

    def clean_code(self) -> str:
        """Require a plain code that is unique in any case, because codes appear in URLs and HR files."""
        code = str(self.cleaned_data["code"]).strip()
        if not CODE.fullmatch(code):
            raise ValidationError(
                "Use letters without accents, digits, dots, dashes, slashes, ampersands and underscores."
            )
        if Department.objects.filter(code__iexact=code).exclude(pk=self.instance.pk).exists():
            raise ValidationError("Another department has this code.")
        return code


class CoordinatorInline(GuardedInline[Coordinator, Department]):
    """The coordinators of this branch. Nobody can name themselves."""

    model = Coordinator
    extra = 0
    autocomplete_fields = ("person",)
    verbose_name_plural = "coordinators of this branch"

    def gains(self, editor: Person, form: Any) -> Gains:
        """Return the fields by which the editor names themselves."""
        named = "person" in form.changed_data and form.cleaned_data.get("person") == editor
        return {"person": NAMES_YOU} if named else {}


class DepartmentAdmin(LargeTableAdmin[Department]):
    """The departments as a tree. Colour and monogram are assigned once, when a department is created."""

    form = DepartmentForm
    list_display = ("in_the_tree", "code", "kind", "head", "is_open")
    list_display_links = ("in_the_tree",)
    list_filter = ("is_open", "kind", "site")
    list_select_related = ("site", "head")
    list_per_page = 100
    search_fields = ("name", "code")
    search_help_text = "Name or code"
    autocomplete_fields = ("parent", "head", "site")
    inlines = (CoordinatorInline,)
    readonly_fields = ("is_open", "people")
    show_facets = admin.ShowFacets.NEVER
    fieldsets = (
        (None, {"fields": ("name", "code", "kind", "parent", "is_open")}),
        ("What visitors read", {"fields": ("summary", "visitors_see", "contact_email", "site")}),
        ("People", {"fields": ("head", "people")}),
        ("How it is drawn", {"fields": ("colour", "monogram"), "classes": ("collapse",)}),
    )

    def gains(self, editor: Person, form: Any) -> Gains:
        """Refuse editors who make themselves head, or move a department into a branch of theirs."""
        given, found = form.cleaned_data, dict[str, str]()
        if "head" in form.changed_data and given.get("head") == editor:
            found["head"] = NAMES_YOU
        if form.instance.pk is not None and "parent" in form.changed_data:
            after = getattr(given.get("parent"), "pk", None)
            if gains_by_move(editor, before=form.instance.pk, after=after):
                found["parent"] = INTO_YOURS
        return found

    def get_queryset(self, request: HttpRequest) -> QuerySet[Department]:
        """Return the departments in tree order."""
        departments: QuerySet[Department] = Department.objects.with_tree_fields().order_by("tree_ordering")
        return departments

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Use tree order in the list only, because the querysets of other forms lack that column."""
        at = request.resolver_match
        return ("tree_ordering",) if at and at.url_name == "departments_department_changelist" else ()

    def get_fieldsets(self, request: HttpRequest, obj: Department | None = None) -> Any:
        """Hide people and colour for a new department: it has no people, and its colour is assigned."""
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if obj else [*fieldsets[:2], ("People", {"fields": ("head",)})]

    @admin.display(description="department", ordering="name")
    def in_the_tree(self, department: Department) -> str:
        """The name, indented by its depth."""
        depth = min(getattr(department, "tree_depth", 0), DEEPEST)
        return format_html('<span class="in-tree depth-{}">{}</span>', depth, department.name)

    @admin.display(description="people here")
    def people(self, department: Department) -> str:
        """The number of people who belong here, linked to their list."""
        number = department.memberships.aggregate(number=Count("pk"))["number"]
        address = reverse("admin:accounts_person_changelist")
        return format_html('<a href="{}?{}={}">{} people</a>', address, OF_DEPARTMENT, department.pk, number)

    def save_model(
        self, request: HttpRequest, obj: Department, form: forms.Form, change: bool
    ) -> None:  # Django's signature
        """Assign colour and monogram to a new department."""
        if not change:
            identity = identity_for(obj.name, obj.kind, obj.parent)
            obj.colour, obj.monogram = identity.colour, identity.monogram
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Audit by name who gained or lost a coordinator's rights."""
        branch: Department = form.instance
        before = list(Person.objects.filter(coordinates__department=branch))
        super().save_related(request, form, formsets, change)
        note_coordinators(request, branch, before, Person.objects.filter(coordinates__department=branch))


@admin.register(Site)
class SiteAdmin(LargeTableAdmin[Site]):
    """Campuses and buildings."""

    list_display = ("name", "address")
    search_fields = ("name", "address")


class MembershipInline(GuardedInline[Membership, Person]):
    """A person's department and site."""

    model = Membership
    extra = 0
    min_num = 1
    max_num = 1
    can_delete = False
    autocomplete_fields = ("department", "site")
    verbose_name_plural = "place in the organisation"

    def gains(self, editor: Person, form: Any) -> Gains:
        """Return the fields by which an existing person would move into a branch of the editor."""
        before, after = form.initial.get("department"), form.cleaned_data.get("department")
        moved = form.instance.pk is not None and after is not None
        gained = moved and gains_by_move(editor, before=before, after=after.pk)
        return {"department": INTO_YOURS} if gained else {}


class PersonInTreeAdmin(ErasePersonAdmin, PersonAdmin):
    """The people's admin with their department.

    It is defined here because ``accounts`` imports no departments.
    """

    inlines = (MembershipInline,)
    list_display = ("full_name", "email", "department", "job_title", "line_manager", "is_active", "is_staff")
    list_select_related = ("line_manager", "membership__department")
    search_fields = (*PersonAdmin.search_fields, "membership__department__name")
    search_help_text = "Name, email, staff number or department"

    def gains(self, editor: Person, form: Any) -> Gains:
        """Also refuse changes that make the editor, as head, decide for people whose line manager goes."""
        found, person = dict(super().gains(editor, form)), form.instance
        if person.pk is None or not (headed := headed_by(editor)):
            return found
        given, place = form.cleaned_data, getattr(person, "membership", None)
        ends = "line_manager" in form.changed_data and given.get("line_manager") is None
        if ends and place is not None and place.department_id in headed:
            found["line_manager"] = LEFT_TO_YOU
        leaves = "is_active" in form.changed_data and not given.get("is_active")
        if leaves and leaves_decisions_to(headed, person):
            found["is_active"] = LEFT_TO_YOU
        return found

    def gains_by_leaving(self, editor: Person, person: Person) -> bool:
        """Whether people of a branch that the editor heads would lose their line manager."""
        return leaves_decisions_to(headed_by(editor), person)

    @admin.display(description="department", ordering="membership__department__name")
    def department(self, person: Person) -> str:
        """The name of the person's department."""
        membership = getattr(person, "membership", None)
        return membership.department.name if membership else "–"

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow the filter by department, because the department page links to its people."""
        return lookup == OF_DEPARTMENT or super().lookup_allowed(lookup, value, request)


@admin.register(HrImport)
class HrImportAdmin(NoDeleteAdmin[HrImport]):
    """HR imports; their pages are in departments/views/imports.py instead of Django's forms."""

    def has_change_permission(self, request: HttpRequest, obj: HrImport | None = None) -> bool:
        """Never: an import is a record; people who may import may view it."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: HrImport | None = None) -> bool:
        """Whether the user may import; they may then see the history too."""
        return isinstance(request.user, Person) and can_import(request.user)

    def get_urls(self) -> list[URLPattern]:
        """Add the list, the upload, and the pages of each import."""

        def page(where: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
            return path(where, self.admin_site.admin_view(view), name=f"departments_hrimport_{name}")

        return [
            page("", imports.import_list, "changelist"),
            page("add/", imports.upload, "add"),
            page("<uuid:pk>/", imports.detail, "change"),
            page("<uuid:pk>/progress/", imports.progress, "progress"),
            page("<uuid:pk>/columns/", imports.columns, "columns"),
            page("<uuid:pk>/confirm/", imports.confirm, "confirm"),
            page("<uuid:pk>/take-back/", imports.take_back, "take_back"),
            page("<uuid:pk>/lines-to-correct.csv", imports.findings, "findings"),
        ]


admin.site.unregister(Person)
admin.site.register(Person, PersonInTreeAdmin)
admin.site.register(Department, DepartmentAdmin)
