"""Form to add a passkey, in plain words."""

from __future__ import annotations

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth is untyped
    """allauth's form with plainer labels."""

    name = forms.CharField(
        label="What you call it", help_text="For example “My phone”.", max_length=60, required=False
    )
    passwordless = forms.BooleanField(
        label="Let it sign me in by itself, without my password",
        help_text="It then asks for your fingerprint, your face or its PIN.",
        required=False,
    )
