"""Notify people whose sign-in data an administrator changes, so that it cannot happen unnoticed."""

from __future__ import annotations

from allauth.account.adapter import get_adapter

TEMPLATE = "account/email/sign_in_changed"
WHY = "You get this because you sign in there with this address, or did so until now."
ADDRESS = "An administrator changed the address you sign in with. From now on this address opens nothing."
NUMBER = "An administrator changed your staff number, by which single sign-on knows you."
PASSWORD = "An administrator set a new password for your account."  # noqa: S105  # a sentence


def tell_sign_in_changed(email: str, what: str) -> None:
    """Queue the mail to the old address: call it before the change is saved."""
    get_adapter().send_mail(TEMPLATE, email, {"what": what, "why": WHY})
