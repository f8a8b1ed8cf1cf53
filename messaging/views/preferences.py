"""Mail preferences: choose from a mail's footer how often mail comes, without signing in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.enums import MailRhythm
from accounts.forms.profile import RhythmForm
from accounts.models import Person
from accounts.pages.profile import rhythm_form
from accounts.views.viewer import UNPROCESSABLE
from messaging.preferences import masked, person_of

NOT_FOUND = 404
ONE_CLICK = ("List-Unsubscribe", "One-Click")  # RFC 8058


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def mail_choice(request: HttpRequest, token: str) -> HttpResponse:
    """Show the choice and the masked address (GET), or save it (POST); opening the page changes nothing."""
    person = person_of(token)
    if person is None:
        return _unknown(request)
    if request.method != "POST":
        return _page(request, person, rhythm_form(person))
    form = RhythmForm(request.POST, auto_id="mail_%s")
    if not form.is_valid():
        return _page(request, person, form, status=UNPROCESSABLE)
    _choose(person, MailRhythm(form.cleaned_data["mail_rhythm"]))
    return _page(request, person, form, is_saved=True)


@csrf_exempt  # sent by mail programs, not by a page of this site; the token authorises it
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def mail_one_click(request: HttpRequest, token: str) -> HttpResponse:
    """Set mail to once a day: a mail program's own "unsubscribe" (RFC 8058). Opening it changes nothing."""
    person = person_of(token)
    if person is None:
        return _unknown(request)
    name, value = ONE_CLICK
    if request.method != "POST" or request.POST.get(name) != value:
        return _guarded(redirect("messaging:mail-choice", token))
    _choose(person, MailRhythm.DAILY)
    return _page(request, person, rhythm_form(person), is_saved=True)


def _choose(person: Person, rhythm: MailRhythm) -> None:
    person.mail_rhythm = rhythm
    person.save(update_fields=["mail_rhythm"])


def _page(
    request: HttpRequest, person: Person, form: RhythmForm, *, status: int = 200, is_saved: bool = False
) -> HttpResponse:
    context = {"form": form, "address": masked(person.email), "is_saved": is_saved}
    return _guarded(render(request, "messaging/mail_choice.html", context, status=status))


def _unknown(request: HttpRequest) -> HttpResponse:
    return _guarded(render(request, "messaging/mail_unknown.html", status=NOT_FOUND))


def _guarded(response: HttpResponse) -> HttpResponse:
    """Add headers that keep the address, which holds a token, out of caches, search engines and referrers."""
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
