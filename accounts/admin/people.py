"""People and their deputies."""

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
IDENTITY_FIELDS = ("email", "staff_number")  # whoever changes these of somebody can sign in as them


class NewPersonForm(AdminUserCreationForm[Person]):
    """A new person; the password may be left out where people sign in by code or single sign-on."""

    class Meta:
        model = Person
        fields = ("email", "first_name", "last_name")

    def clean_email(self) -> str:
        """The login is kept in lower case."""
        return str(self.cleaned_data["email"]).lower()


class PersonForm(UserChangeForm[Person]):
    """Everything about a person but the password, which has a page of its own."""

    class Meta:
        model = Person
        fields = "__all__"

    def clean_email(self) -> str:
        """The login is kept in lower case."""
        return str(self.cleaned_data["email"]).lower()

    def clean_staff_number(self) -> str | None:
        """No number is no number: two people without one do not clash."""
        return self.cleaned_data["staff_number"] or None


@admin.register(Person)
class PersonAdmin(GuardedGrants, UserAdmin[Person]):
    """People are not deleted: whoever leaves is marked as having left, and their past stays true."""

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
        """Everything but "delete selected"."""
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def has_delete_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        """Nobody may."""
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what filters offer: letter by letter an address would tell what opens whose calendar."""
        return is_listed_filter(self, lookup)

    def has_change_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        """Whoever may open the administration is changed by superusers only.

        Otherwise a password reset would give anybody the rights of anybody else.
        """
        powerful = obj is not None and (obj.is_superuser or obj.is_staff)
        may = has_every_right(request) or not powerful
        return may and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Person | None = None) -> tuple[str, ...]:
        """Only superusers hand out powers, and change what somebody else signs in with."""
        fields = tuple(super().get_readonly_fields(request, obj))
        if has_every_right(request):
            return fields
        return (*fields, *POWERS, *(IDENTITY_FIELDS if obj is not None else ()))

    def gains(self, editor: Person, form: Any) -> self_granting.Gains:
        """Nobody makes themselves somebody's line manager, nor by way of a manager they are deputy of."""
        if "line_manager" not in form.changed_data or form.instance.pk is None:
            return {}
        before, after = form.initial.get("line_manager"), form.instance.line_manager_id
        after = getattr(form.cleaned_data.get("line_manager"), "pk", after)
        gained = self_granting.gains_by_manager(editor, before=before, after=after)
        return {"line_manager": self_granting.MANAGER} if gained else {}

    def save_model(self, request: HttpRequest, obj: Person, form: ModelForm[Person], change: bool) -> None:
        """Powers, and what one signs in with, are changed by whoever has just shown who they are."""
        if change and not {*POWERS, *IDENTITY_FIELDS}.isdisjoint(form.changed_data):
            require_fresh_sign_in(request)
        for name, what in (("email", ADDRESS), ("staff_number", NUMBER)):
            if change and name in form.changed_data:
                tell_sign_in_changed(form.initial["email"], what)
        super().save_model(request, obj, form, change)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002  # Django's name
        """Another's password as well; before it is typed, so that it is kept nowhere meanwhile."""
        if not has_every_right(request):  # whoever sets a password can sign in with it
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
        """Close the accounts; oneself and, for others than superusers, superusers are left out."""
        self._set_active(request, people.exclude(pk=request.user.pk or 0), active=False)

    @admin.action(description="Mark as working here", permissions=["change"])
    def mark_as_back(self, request: HttpRequest, people: QuerySet[Person]) -> None:
        """Open the accounts again."""
        self._set_active(request, people, active=True)

    def gains_by_leaving(self, editor: Person, person: Person) -> bool:
        """Whether the editor would decide for somebody once ``person`` has left, as heads do."""
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
    """Refuses what one's own page refuses: oneself, who has left, days that are past or taken, circles."""

    class Meta:
        model = Delegation
        fields = ("manager", "deputy", "starts_on", "ends_on")

    def clean(self) -> dict[str, Any]:
        """The rules, once each field by itself is sound."""
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
    """Who acts for whom, and when."""

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
        """Nobody makes themselves a deputy, nor stays one longer than they were named for."""
        wanted = copy(form.instance)
        wanted.deputy = form.cleaned_data.get("deputy") or wanted.deputy
        gained = self_granting.gains_by_delegation(editor, wanted, form.changed_data)
        return {"deputy" if "deputy" in form.fields else "ends_on": self_granting.DEPUTY} if gained else {}

    def get_readonly_fields(self, request: HttpRequest, obj: Delegation | None = None) -> tuple[str, ...]:
        """Somebody else for somebody else is another delegation; a first day that has come stays."""
        if obj is None:
            return ()
        begun = obj.starts_on <= timezone.localdate()
        return ("manager", "deputy", *(("starts_on",) if begun else ()))

    def save_model(
        self, request: HttpRequest, obj: Delegation, form: ModelForm[Delegation], change: bool
    ) -> None:
        """The deputy is told, as from one's own page."""
        super().save_model(request, obj, form, change)
        if not change:
            deputies.tell_named(obj, timezone.localdate())
        elif form.changed_data:
            deputies.tell_changed(obj)

    def delete_model(self, request: HttpRequest, obj: Delegation) -> None:
        """The deputy is told, unless it is over anyway."""
        if obj.ends_on is None or obj.ends_on >= timezone.localdate():
            deputies.tell_ended(obj, timezone.localdate())
        super().delete_model(request, obj)
