"""Request a password reset; mails are limited per hour and address."""

from __future__ import annotations

from allauth.account.forms import ResetPasswordForm
from allauth.account.views import PasswordResetView
from allauth.core.ratelimit import respond_429
from django.http import HttpResponse

from accounts.sign_in import known_browsers


class PasswordReset(PasswordResetView):  # type: ignore[misc]  # allauth is untyped
    """allauth's view with a limit per account, counted apart for known browsers."""

    def form_valid(self, form: ResetPasswordForm) -> HttpResponse:
        """Count the attempt whether the account exists or not; status 429 after too many."""
        if not known_browsers.count_attempt(self.request, "mail", form.cleaned_data["email"]):
            refused: HttpResponse = respond_429(self.request)
            return refused
        answer: HttpResponse = super().form_valid(form)
        return answer
