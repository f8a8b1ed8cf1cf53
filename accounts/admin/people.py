"""Admin pages of people and their deputies."""

from __future__ import annotations

from copy import copy
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts import deputies, self_granting
from accounts.admin.base import (
    AdminUserCreationForm,
    GuardedGrants,
    LargeTableAdmin,
    ModelForm,
    UserAdmin,
    UserChangeForm,
    has_every_right,
    is_listed_filter,
)
from accounts.models import Delegation, Person
from accounts.sign_in.notices import ADDRESS, NUMBER, PASSWORD, tell_sign_in_changed
from accounts.sign_in.recent_sign_in import is_fresh, require_fresh_sign_in

POWERS = ("is_staff", "is_superuser", "groups", "user_permissions")
DONE = 302
IDENTITY_FIELDS = ("email", "staff_number")  # changing these allows signing in as that person


class NewPersonForm(AdminUserCreationForm[Person]):
    """Add a person; the password may be empty where people sign in by code or single sign-on."""

    class Meta:
        model = Person
        fields = ("email", "first_name", "last_name")

    def clean_email(self) -> str:
        """Return the login in lower case."""
        return str(self.cleaned_data["email"]).lower()


class PersonForm(UserChangeForm[Person]):
    """All fields of a person except the password, which has its own page."""

    class Meta:
        model = Person
        fields = "__all__"

    def clean_email(self) -> str:
        """Return the login in lower case."""
        return str(self.cleaned_data["email"]).lower()

    def clean_staff_number(self) -> str | None:
        """Return None for an empty number, so that two people without one do not clash."""
        return self.cleaned_data["staff_number"] or None


@admin.register(Person)
class PersonAdmin(GuardedGrants, UserAdmin[Person]):
    """People are never deleted: leavers are marked as having left, so that the past stays true."""

    form = PersonForm
    add_form = NewPersonForm
    show_full_result_count = False
    list_per_page = 50
    list_display: tuple[str, ...] = (
        "full_name",
        "email",
        "job_title",
        "line_manager",
        "is_active",
        "is_staff",
    )
    list_display_links = ("full_name",)
    list_filter = ("is_active", "is_staff", "working_pattern")
    list_select_related: ClassVar[tuple[str, ...]] = ("line_manager",)
    search_fields: ClassVar[tuple[str, ...]] = ("first_name", "last_name", "email", "staff_number")
    search_help_text = "Name, email or staff number"
    ordering = ("last_name", "first_name", "pk")
    autocomplete_fields = ("line_manager",)
    readonly_fields = ("last_login", "date_joined")
    actions = ("mark_as_left", "mark_as_back")
    fieldsets = (
        (None, {"fields": ("email", "password", ("first_name", "last_name"), "staff_number")}),
        ("Work", {"fields": ("job_title", "grade", "line_manager", "start_date", "probation_end")}),
        ("Week", {"fields": ("working_pattern", "working_days")}),
        ("Mail", {"fields": ("mail_rhythm",)}),
        ("Access", {"fields": ("is_active", *POWERS, "last_login", "date_joined"), "classes": ("collapse",)}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": (
                    "email",
                    "first_name",
                    "last_name",
                    "usable_password",
                    "password1",
                    "password2",
                ),
            },
        ),
    )

    @admin.display(description="name", ordering="last_name")
    def full_name(self, person: Person) -> str:
        """First and last name."""
        return person.full_name

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Return all actions but "delete selected"."""
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def has_delete_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        """Return False: nobody may."""
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow only offered filters: others could reveal calendar tokens letter by letter."""
        return is_listed_filter(self, lookup)

    def has_change_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        """Let only superusers change people who may open the administration.

        Otherwise a password reset would give anybody the permissions of anybody else.
        """
        powerful = obj is not None and (obj.is_superuser or obj.is_staff)
        may = has_every_right(request) or not powerful
        return may and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Person | None = None) -> tuple[str, ...]:
        """Let only superusers change permissions, and what somebody signs in with."""
        fields = tuple(super().get_readonly_fields(request, obj))
        if has_every_right(request):
            return fields
        return (*fields, *POWERS, *(IDENTITY_FIELDS if obj is not None else ()))

    def gains(self, editor: Person, form: Any) -> self_granting.Gains:
        """Refuse to make oneself somebody's line manager, directly or as a manager's deputy."""
        if "line_manager" not in form.changed_data or form.instance.pk is None:
            return {}
        before, after = form.initial.get("line_manager"), form.instance.line_manager_id
        after = getattr(form.cleaned_data.get("line_manager"), "pk", after)
        gained = self_granting.gains_by_manager(editor, before=before, after=after)
        return {"line_manager": self_granting.MANAGER} if gained else {}

    def save_model(self, request: HttpRequest, obj: Person, form: ModelForm[Person], change: bool) -> None:
        """Require a recent sign-in for permissions and sign-in data; notify the person of the latter."""
        if change and not {*POWERS, *IDENTITY_FIELDS}.isdisjoint(form.changed_data):
            require_fresh_sign_in(request)
        for name, what in (("email", ADDRESS), ("staff_number", NUMBER)):
            if change and name in form.changed_data:
                tell_sign_in_changed(form.initial["email"], what)
        super().save_model(request, obj, form, change)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002  # Django's name
        """Require a recent sign-in before the password is typed, so that it is stored nowhere meanwhile."""
        if not has_every_right(request):  # setting a password allows signing in with it
            raise PermissionDenied
        if request.method == "GET":
            require_fresh_sign_in(request)
        elif not is_fresh(request):
            return redirect(request.path)
        answer: HttpResponse = super().user_change_password(request, id, form_url)
        person = Person.objects.filter(pk=id).first() if request.method == "POST" else None
        if person is not None and answer.status_code == DONE:
            tell_sign_in_changed(person.email, PASSWORD)
        return answer

    @admin.action(description="Mark as left (they can no longer sign in)", permissions=["change"])
    def mark_as_left(self, request: HttpRequest, people: QuerySet[Person]) -> None:
        """Close accounts, except the user's own and, for non-superusers, those of superusers."""
        self._set_active(request, people.exclude(pk=request.user.pk or 0), active=False)

    @admin.action(description="Mark as working here", permissions=["change"])
    def mark_as_back(self, request: HttpRequest, people: QuerySet[Person]) -> None:
        """Reopen accounts."""
        self._set_active(request, people, active=True)

    def gains_by_leaving(self, editor: Person, person: Person) -> bool:
        """Return whether the editor would decide for others once ``person`` has left, as heads do."""
        return False

    def _may_set_active(self, request: HttpRequest, person: Person, *, active: bool) -> bool:
        editor = request.user
        gains = not active and isinstance(editor, Person) and self.gains_by_leaving(editor, person)
        return self.has_change_permission(request, person) and not gains

    def _set_active(self, request: HttpRequest, people: QuerySet[Person], *, active: bool) -> None:
        allowed = [
            p for p in people.exclude(is_active=active) if self._may_set_active(request, p, active=active)
        ]
        for person in allowed:
            person.is_active = active
            person.save(update_fields=["is_active"])
            self.log_change(request, person, "Marked as working here." if active else "Marked as left.")
        word = "person is" if len(allowed) == 1 else "people are"
        state = "marked as working here" if active else "marked as having left"
        messages.success(request, f"{len(allowed)} {word} {state}.")


class DelegationForm(ModelForm[Delegation]):
    """Applies the rules of the profile page: no self, leaver, past or taken days, or cycle."""

    class Meta:
        model = Delegation
        fields = ("manager", "deputy", "starts_on", "ends_on")

    def clean(self) -> dict[str, Any]:
        """Validate the delegation as a whole, once each field is valid."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            wanted = copy(self.instance)
            for name, value in given.items():
                setattr(wanted, name, value)
            chosen = tuple(name for name in ("starts_on", "ends_on") if name in self.changed_data)
            deputies.validate_delegation(wanted, timezone.localdate(), days=chosen)
        return given


@admin.register(Delegation)
class DelegationAdmin(LargeTableAdmin[Delegation]):
    """Delegations: who acts for whom, and when."""

    list_display = ("manager", "deputy", "starts_on", "ends_on")
    list_select_related: ClassVar[tuple[str, ...]] = ("manager", "deputy")
    search_fields = tuple(
        f"{who}__{name}" for who in ("manager", "deputy") for name in ("first_name", "last_name", "email")
    )
    search_help_text = "Name or email of the manager or the deputy"
    autocomplete_fields = ("manager", "deputy")
    date_hierarchy = "starts_on"
    form = DelegationForm

    def gains(self, editor: Person, form: Any) -> self_granting.Gains:
        """Refuse to make oneself a deputy, or for longer."""
        wanted = copy(form.instance)
        wanted.deputy = form.cleaned_data.get("deputy") or wanted.deputy
        gained = self_granting.gains_by_delegation(editor, wanted, form.changed_data)
        return {"deputy" if "deputy" in form.fields else "ends_on": self_granting.DEPUTY} if gained else {}

    def get_readonly_fields(self, request: HttpRequest, obj: Delegation | None = None) -> tuple[str, ...]:
        """Lock both people of an existing delegation, and its first day once that has come."""
        if obj is None:
            return ()
        begun = obj.starts_on <= timezone.localdate()
        return ("manager", "deputy", *(("starts_on",) if begun else ()))

    def save_model(
        self, request: HttpRequest, obj: Delegation, form: ModelForm[Delegation], change: bool
    ) -> None:
        """Save and notify the deputy, as the profile page does."""
        super().save_model(request, obj, form, change)
        if not change:
            deputies.tell_named(obj, timezone.localdate())
        elif form.changed_data:
            deputies.tell_changed(obj)

    def delete_model(self, request: HttpRequest, obj: Delegation) -> None:
        """Delete and notify the deputy, unless it is over."""
        if obj.ends_on is None or obj.ends_on >= timezone.localdate():
            deputies.tell_ended(obj, timezone.localdate())
        super().delete_model(request, obj)
