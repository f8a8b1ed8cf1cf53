"""Administrators' permissions, which count only in a session that has shown the second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import PermissionsMixin
from django.db import models


def shown() -> bool:
    """Return True: whoever starts a process at a terminal has more access than the second factor protects."""
    return True


class AdministratorMixin(PermissionsMixin):
    """Django's permission methods, which grant nothing until the session has shown the second factor.

    Pages, forms, exports, htmx and the administration all call these methods, so none of them bypasses the
    check. A person loaded outside a session (by a form or a task) has no permissions of this kind.
    """

    second_step: Callable[[], bool] | None = None  # set per session by accounts.middleware
    rights_withheld = False  # True once a permission was refused for want of the second factor

    class Meta:
        abstract = True

    @property
    def may_use_rights(self) -> bool:
        """Return whether administrators' permissions count here; if not, set ``rights_withheld``."""
        if settings.REQUIRE_SECOND_FACTOR != "admins":
            return True
        if self.second_step is not None and self.second_step():
            return True
        self.rights_withheld = True
        return False

    @property
    def is_administrator(self) -> bool:
        """Return whether this person may open the administration now."""
        return bool(self.is_active and self.is_staff) and self.may_use_rights  # type: ignore[attr-defined]  # a person's

    @property
    def has_every_right(self) -> bool:
        """Return whether this is a superuser who has shown the second factor."""
        return bool(self.is_active and self.is_superuser) and self.may_use_rights  # type: ignore[attr-defined]  # a person's

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        """Return Django's answer; False while permissions are withheld."""
        return super().has_perm(perm, obj) and self.may_use_rights

    def has_module_perms(self, app_label: str) -> bool:
        """Return Django's answer; False while permissions are withheld."""
        return super().has_module_perms(app_label) and self.may_use_rights

    def get_user_permissions(self, obj: Any = None) -> set[str]:
        """Return Django's answer; nothing while permissions are withheld."""
        return super().get_user_permissions(obj) if self.may_use_rights else set()

    def get_group_permissions(self, obj: Any = None) -> set[str]:
        """Return Django's answer; nothing while permissions are withheld."""
        return super().get_group_permissions(obj) if self.may_use_rights else set()

    def get_all_permissions(self, obj: Any = None) -> set[str]:
        """Return Django's answer; nothing while permissions are withheld."""
        return super().get_all_permissions(obj) if self.may_use_rights else set()
