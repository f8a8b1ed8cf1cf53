"""Asking for a new password: so many mails an hour for one address."""

from __future__ import annotations

from allauth.account.forms import ResetPasswordForm
from allauth.account.views import PasswordResetView
from allauth.core.ratelimit import respond_429
from django.http import HttpResponse

from accounts.sign_in import known_browsers


class PasswordReset(PasswordResetView):  # type: ignore[misc]  # allauth is untyped
    """allauth's, with a count for each account and apart for browsers that are known."""

    def form_valid(self, form: ResetPasswordForm) -> HttpResponse:
        """Counted whether there is such an account or not."""
        if not known_browsers.count_attempt(self.request, "mail", form.cleaned_data["email"]):
            refused: HttpResponse = respond_429(self.request)
            return refused
        answer: HttpResponse = super().form_valid(form)
        return answer
