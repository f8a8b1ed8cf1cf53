"""“Is it still you?” for people without password or second factor: a code by mail."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import BaseReauthenticateView
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.forms.one_time_code import SESSION_KEY, ReauthenticationForm, send_code
from accounts.sign_in import known_browsers
from accounts.views.viewer import viewer


class ReauthenticationView(BaseReauthenticateView):  # type: ignore[misc]  # allauth is untyped
    """Sends a code on request; a right code leads back to where the person was going."""

    form_class = ReauthenticationForm
    template_name = "account/still_you.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form the request, because the code is in the session, and the time."""
        return {**super().get_form_kwargs(), "request": self.request, "now": time.time()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether a code was sent."""
        return {**super().get_context_data(**kwargs), "sent": bool(self.request.session.get(SESSION_KEY))}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send a code, or check one."""
        if "send" not in request.POST:
            return super().post(request, *args, **kwargs)  # type: ignore[no-any-return]  # as above
        email = viewer(request).email
        if known_browsers.count_attempt(request, "mail", email):
            send_code(request, email, until=time.time() + settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
        else:
            messages.error(request, "Several codes were sent just now. Look for the newest one in your mail.")
        return redirect(self.passthrough_next_url(request.path))

    def form_valid(self, form: ReauthenticationForm) -> HttpResponse:
        """Record the confirmed identity and go on."""
        record_authentication(self.request, viewer(self.request), method="code", reauthenticated=True)
        return super().form_valid(form)  # type: ignore[no-any-return]  # as above
