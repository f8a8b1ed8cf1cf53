"""One-time code by mail, to confirm the identity of somebody signed in."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.internal.cryptokit import compare_user_code
from django import forms
from django.http import HttpRequest

SESSION_KEY = "still_you"
TRIES = 3
TEXT = "This code is not right, or it is too old. Ask for a new one if you cannot find it."


class ReauthenticationForm(forms.Form):
    """Checks the code that was sent; after three wrong attempts it is void."""

    code = forms.CharField(
        label="Code from the mail",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )

    def __init__(self, *args: Any, request: HttpRequest, now: float, **kwargs: Any) -> None:
        self.request, self.now = request, now
        super().__init__(*args, **kwargs)

    def clean_code(self) -> str:
        """Refuse a wrong, expired or used-up code; a right one is used up."""
        given = str(self.cleaned_data["code"])
        sent = self.request.session.get(SESSION_KEY)
        good = (
            sent is not None
            and sent["until"] > self.now
            and compare_user_code(actual=given, expected=sent["code"])
        )
        if sent is not None:
            left = {**sent, "tries": sent["tries"] - 1}
            self.request.session[SESSION_KEY] = None if good or left["tries"] <= 0 else left
        if not good:
            raise forms.ValidationError(TEXT)
        return given


def send_code(request: HttpRequest, email: str, *, until: float) -> None:
    """Mail a new code, valid until the timestamp ``until``; only the newest code is valid."""
    adapter = get_adapter(request)
    code = adapter.generate_login_code()
    request.session[SESSION_KEY] = {"code": code, "until": until, "tries": TRIES}
    adapter.send_mail("account/email/login_code", email, {"code": code})
