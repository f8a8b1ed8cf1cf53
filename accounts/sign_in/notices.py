"""Whoever can sign in as somebody else by a change of theirs does not do so unnoticed: the person is told."""

from __future__ import annotations

from allauth.account.adapter import get_adapter

TEMPLATE = "account/email/sign_in_changed"
WHY = "You get this because you sign in there with this address, or did so until now."
ADDRESS = "An administrator changed the address you sign in with. From now on this address opens nothing."
NUMBER = "An administrator changed your staff number, by which single sign-on knows you."
PASSWORD = "An administrator set a new password for your account."  # noqa: S105  # a sentence


def tell_sign_in_changed(email: str, what: str) -> None:
    """Owe the mail to the address the person has so far: call it before the change is saved."""
    get_adapter().send_mail(TEMPLATE, email, {"what": what, "why": WHY})
