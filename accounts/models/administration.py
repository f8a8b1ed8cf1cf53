"""Rights of administrators: they count only where the second step was shown, however they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import PermissionsMixin
from django.db import models


def shown() -> bool:
    """For a process at a terminal: who starts it holds more than any second step protects."""
    return True


class AdministratorMixin(PermissionsMixin):
    """A person's rights as Django knows them, closed until a session says that the second step was shown.

    Pages, forms, exports, htmx and the administration ask the same methods, so none of them is a way round.
    A person who comes from anywhere but a session (a form, a task) has no rights of this kind.
    """

    second_step: Callable[[], bool] | None = None  # set for the person of a session: accounts.middleware
    rights_withheld = False  # whether something was refused here that the second step would open

    class Meta:
        abstract = True

    @property
    def may_use_rights(self) -> bool:
        """Whether rights of administrators count for this person here and now."""
        if settings.REQUIRE_SECOND_FACTOR != "admins":
            return True
        if self.second_step is not None and self.second_step():
            return True
        self.rights_withheld = True
        return False

    @property
    def is_administrator(self) -> bool:
        """Whether the administration opens."""
        return bool(self.is_active and self.is_staff) and self.may_use_rights  # type: ignore[attr-defined]  # a person's

    @property
    def has_every_right(self) -> bool:
        """Whether this is a superuser who has shown the second step."""
        return bool(self.is_active and self.is_superuser) and self.may_use_rights  # type: ignore[attr-defined]  # a person's

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        """Django's answer, where rights count."""
        return super().has_perm(perm, obj) and self.may_use_rights

    def has_module_perms(self, app_label: str) -> bool:
        """Django's answer, where rights count."""
        return super().has_module_perms(app_label) and self.may_use_rights

    def get_user_permissions(self, obj: Any = None) -> set[str]:
        """Django's answer, where rights count."""
        return super().get_user_permissions(obj) if self.may_use_rights else set()

    def get_group_permissions(self, obj: Any = None) -> set[str]:
        """Django's answer, where rights count."""
        return super().get_group_permissions(obj) if self.may_use_rights else set()

    def get_all_permissions(self, obj: Any = None) -> set[str]:
        """Django's answer, where rights count."""
        return super().get_all_permissions(obj) if self.may_use_rights else set()
