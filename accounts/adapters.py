"""allauth adapters: no self sign-up, sign-in limits, mail through the outbox."""

from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.enums import NoEntry
from accounts.mail_sender import mail
from accounts.mail_styles import with_styles
from accounts.mail_text import subject_and_text
from accounts.models import Person
from accounts.sign_in import known_browsers
from accounts.sign_in.recent_sign_in import require_fresh_sign_in
from accounts.sign_in.second_factor import remember_methods
from accounts.sign_in.staff_matching import Claims, NoEntryError, person_for
from accounts.sso.provider import StrictAdapter

log = structlog.get_logger(__name__)
UNKNOWN_ACCOUNT = "account/email/unknown_account"


class AccountAdapter(DefaultAccountAdapter):
    """Local accounts: they come from the HR file or the admin, never from a sign-up page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: nobody signs up."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the key by which attempts are limited: a known browser's person, else the client's address.

        A known browser that signs in is limited by itself: many people share the address of a campus, and
        what strangers try there must not count against them. A request that bypasses the proxies counts under
        its direct address.
        """
        if not request.user.is_authenticated and (people := known_browsers.people_of(request)):
            return f"known:{people[0]}"
        try:
            return str(super().get_client_ip(request))
        except ImproperlyConfigured:  # fewer addresses in X-Forwarded-For than TRUSTED_PROXIES
            return str(request.META.get("REMOTE_ADDR") or "unknown")

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a password attempt before it is compared, separately for known browsers.

        Raises ValidationError after too many attempts.
        """
        super().pre_authenticate(request, **credentials)
        email = str(credentials.get("email") or getattr(request.user, "email", ""))
        self._tries = known_browsers.count_attempt(request, "password", email)
        if not self._tries:
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        """Take back the counted attempt: the password was right."""
        super()._rollback_login_failed_rl_usage()
        if self._tries:
            self._tries.rollback()

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """Reset the counted attempts of somebody who has set a new password."""
        super()._delete_login_attempts_cached_email(request, **credentials)
        known_browsers.reset_attempts(request, "password", credentials["email"])

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Require a recent sign-in of everybody, including people without a password here."""
        if super().is_reauthentication_required(app=app, **kwargs):
            require_fresh_sign_in(current.request)
        return False

    def get_reauthentication_methods(self, user: Person | AnonymousUser) -> list[dict[str, Any]]:
        """Return password and second factor where the person has them; else a code by mail."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if methods or not user.is_authenticated:
            return methods
        here = reverse("accounts:still-you")
        return [{"id": "code", "description": "Send me a code", "url": here}]

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        """Remember whether single sign-on asked for a second factor."""
        sociallogin = (kwargs.get("signal_kwargs") or {}).get("sociallogin")
        claims: Claims | None = getattr(sociallogin, "claims", None)  # none after a second step here
        if claims is not None:
            remember_methods(request, claims.methods)
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        return answer

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail in the outbox, so that no one-time code is lost while the mail server is away."""
        everything = {
            "request": current.request,
            "email": email,
            "site_name": settings.SITE_NAME,
            "site_url": settings.SITE_URL,
            "why": "You get this because somebody used this address there.",
            **context,
        }
        subject, text, html = self._parts(template_prefix, everything)
        if template_prefix == UNKNOWN_ACCOUNT:
            return  # no mail to strangers; rendered all the same, so that timing reveals nothing
        mail().queue_written(email=email, subject=subject, text=text, html=html)

    def _parts(self, template_prefix: str, context: dict[str, Any]) -> tuple[str, str, str]:
        """Return subject, text and HTML of a mail; without a template of ours, allauth’s own text."""
        try:
            html = render_to_string(f"{template_prefix}_message.html", context, current.request)
        except TemplateDoesNotExist:
            subject = " ".join(render_to_string(f"{template_prefix}_subject.txt", context).split())
            return subject, render_to_string(f"{template_prefix}_message.txt", context, current.request), ""
        return (*subject_and_text(html), with_styles(html))


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Single sign-on opens accounts of people on the staff list; it creates none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Return False: nobody signs up."""
        return False

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        """Return the providers configured in the environment; those in the database are ignored."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the person who signs in and store the link, or answer with a page that says why not."""
        account = sociallogin.account
        linked = account.user if account.pk else None
        claims: Claims = sociallogin.claims
        try:
            person = person_for(claims, linked)
        except NoEntryError as error:
            raise ImmediateHttpResponse(self.no_entry(request, error.reason)) from None
        sociallogin.user = person
        if linked is None:
            sociallogin.account, _ = SocialAccount.objects.get_or_create(
                provider=account.provider, uid=account.uid, defaults={"user": person}
            )

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Answer any error of single sign-on with a plain sentence."""
        if error == AuthError.CANCELLED:
            reason = NoEntry.CANCELLED
        elif StrictAdapter.is_away(exception):
            reason = NoEntry.AWAY
        elif exception is None and "state_id" in (extra_context or {}):
            reason = NoEntry.NOT_STARTED_HERE
        else:
            reason = NoEntry.NOT_TRUSTED
        log.warning("single_sign_on_failed", reason=reason.value, error=type(exception).__name__)
        raise ImmediateHttpResponse(self.no_entry(request, reason))

    def no_entry(self, request: HttpRequest, reason: NoEntry) -> HttpResponse:
        """Return the page that says why nobody was signed in; status 503 if the provider is away."""
        log.info("single_sign_on_refused", reason=reason.value)
        status = 503 if reason is NoEntry.AWAY else 403
        return render(request, "socialaccount/no_entry.html", {"sentence": reason.label}, status=status)
