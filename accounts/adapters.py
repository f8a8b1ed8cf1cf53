"""How allauth signs people in here: no self sign-up, and its mail goes through the outbox."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.shortcuts import redirect
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.urls import reverse

from accounts import outbox
from accounts.models import Person
from accounts.signing.fresh import require_fresh_sign_in


class AccountAdapter(DefaultAccountAdapter):
    """People come from the HR file or the admin; nobody opens an account for themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not soon after a sign-in; later of everybody, also of those who have no password here."""
        if super().is_reauthentication_required(app=app, **kwargs):
            require_fresh_sign_in(current.request)
        return False

    def get_reauthentication_methods(self, user: Person | AnonymousUser) -> list[dict[str, Any]]:
        """Password and second step where there are any; else a code by mail."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if methods or not user.is_authenticated:
            return methods
        here = reverse("accounts:still-you")
        return [{"id": "code", "description": "Send me a code", "url": here}]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail, so that a mail server that is away loses no one-time code."""
        everything = {
            "request": current.request,
            "email": email,
            "site_name": settings.SITE_NAME,
            "site_url": settings.SITE_URL,
            "why": "You get this because somebody used this address there.",
            **context,
        }
        subject = " ".join(render_to_string(f"{template_prefix}_subject.txt", everything).split())
        everything["subject"] = subject
        text = render_to_string(f"{template_prefix}_message.txt", everything, current.request).strip()
        html: str = ""
        try:
            html = outbox.with_styles(
                render_to_string(f"{template_prefix}_message.html", everything, current.request)
            )
        except TemplateDoesNotExist:
            html = ""  # this mail has a text part only
        outbox.enqueue_plain(recipient_email=email, subject=subject, text=text, html=html)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Single sign-on opens the account that already has the address; it makes no new one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Refuse an address outside ALLOWED_EMAIL_DOMAINS, where that is set."""
        address = (sociallogin.user.email or "").lower()
        domain = address.rpartition("@")[2]
        if settings.ALLOWED_EMAIL_DOMAINS and domain not in settings.ALLOWED_EMAIL_DOMAINS:
            messages.error(
                request,
                f"{address or 'That account'} cannot sign in here: ask your administrator.",
            )
            raise ImmediateHttpResponse(redirect("account_login"))
