"""allauth's forms for signing in, with attempts counted apart for browsers that are known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import RequestLoginCodeForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm

from accounts.sign_in import known_browsers


class RequestCodeForm(RequestLoginCodeForm):  # type: ignore[misc]  # allauth is untyped
    """A code by mail: so many an hour for one address."""

    def clean_email(self) -> str:
        """Count it before anything is looked up, so that the answer is the same for every address."""
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
    """The code of a second step."""

    def clean_code(self) -> str:
        """Wrong codes are counted; the right one begins anew."""
        return _counted(self, super().clean_code)


class SecondStepAgainForm(ReauthenticateForm):  # type: ignore[misc]  # allauth is untyped
    """The code of a second step, shown once more."""

    def clean_code(self) -> str:
        """As above."""
        return _counted(self, super().clean_code)
