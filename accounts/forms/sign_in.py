"""allauth's sign-in forms, with attempts limited separately for known browsers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import RequestLoginCodeForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm

from accounts.sign_in import known_browsers


class RequestCodeForm(RequestLoginCodeForm):  # type: ignore[misc]  # allauth is untyped
    """Request a sign-in code by mail; limited per hour and address."""

    def clean_email(self) -> str:
        """Count the attempt before any look-up, so that every address gets the same answer."""
        if not known_browsers.count_attempt(context.request, "mail", self.cleaned_data["email"]):
            raise get_adapter().validation_error("too_many_login_attempts")
        email: str = super().clean_email()
        return email


def _counted(form: Any, check: Callable[[], str]) -> str:
    email = form.user.email
    if not known_browsers.count_attempt(context.request, "second_step", email):
        raise get_adapter().validation_error("too_many_login_attempts")
    code = check()
    known_browsers.reset_attempts(context.request, "second_step", email)
    return code


class SecondStepForm(AuthenticateForm):  # type: ignore[misc]  # allauth is untyped
    """The code of a second factor, while signing in."""

    def clean_code(self) -> str:
        """Count wrong codes; a right one resets the count."""
        return _counted(self, super().clean_code)


class SecondStepAgainForm(ReauthenticateForm):  # type: ignore[misc]  # allauth is untyped
    """The code of a second factor, to confirm one's identity again."""

    def clean_code(self) -> str:
        """Count wrong codes; a right one resets the count."""
        return _counted(self, super().clean_code)
