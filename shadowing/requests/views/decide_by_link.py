"""The decision page behind the link of a mail. Opening it changes nothing; see shadowing.mail.links.

Who may use it depends on the scheme's setting. ``signed_in`` requires a session of the person the mail went
to, or of somebody who may decide in their place. ``link_alone`` accepts the link for that person, with an
answer to be picked, a receipt and an undo. ``off`` only leads to the site.

Somebody signed in as another person is refused in every mode, because they are known not to be the person
asked. The host's manager's answer cannot be undone, so it requires a session in every mode.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.enums import How
from accounts.models import Person
from accounts.views.viewer import CONFLICT, UNPROCESSABLE, SeeOther, too_late
from accounts.workflow import TransitionError, perform
from shadowing.enums import DecideByEmail, DecisionRole
from shadowing.mail.links import DeadLinkError, find_link, require_alive, use_link
from shadowing.models import DecisionLink, Request
from shadowing.requests.forms.deciding import DecisionForm
from shadowing.requests.pages.confirmations import confirmation_of
from shadowing.requests.pages.decision_context import POLICIES, decision_page_context
from shadowing.requests.views.decide import MEANWHILE
from shadowing.requests.views.receipts import receipt_page, remember_decided, undo_is_open

FORBIDDEN, NOT_FOUND, GONE = 403, 404, 410
NOT_OURS = "This is no link of ours. If you copied it from a mail, check that you have all of it."
SOMEBODY_ELSES = "This link was sent to somebody else, and you are signed in as yourself."


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, token: str) -> HttpResponse:
    """Show or record the decision of ``token``; headers keep the address out of caches and referrers."""
    response = _answer_to(request, token)
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _answer_to(request: HttpRequest, token: str) -> HttpResponse:
    link = find_link(token)
    if link is None:
        return _dead_end(request, NOT_OURS, NOT_FOUND)
    person = _person_behind(request, link)
    if _is_somebody_else(person, link):
        return _dead_end(request, SOMEBODY_ELSES, FORBIDDEN)
    if person is not None and undo_is_open(link, person):
        return receipt_page(request, link, person)
    try:
        require_alive(link)
    except DeadLinkError as error:
        return _dead_end(request, error.sentence, GONE, link)
    return _by_scheme_setting(request, link, person)


def _by_scheme_setting(request: HttpRequest, link: DecisionLink, person: Person | None) -> HttpResponse:
    if link.decision.request.offer.scheme.decide_by_email == DecideByEmail.OFF:
        return redirect("shadowing:request-decide", link.decision.request_id)
    if person is None:
        return redirect_to_login(request.get_full_path())
    return _decision_page(request, link, person)


def _person_behind(request: HttpRequest, link: DecisionLink) -> Person | None:
    """Return the person signed in, else the person of the link where the link alone suffices, else None."""
    if isinstance(request.user, Person):
        return request.user
    return link.person if _link_suffices(link) and link.person.is_active else None


def _link_suffices(link: DecisionLink) -> bool:
    by_link = link.decision.request.offer.scheme.decide_by_email == DecideByEmail.LINK_ALONE
    return by_link and link.decision.role == DecisionRole.LINE_MANAGER


def _is_somebody_else(person: Person | None, link: DecisionLink) -> bool:
    """Return whether the person signed in is neither the link's person nor may act for them."""
    if person is None or person == link.person:
        return False
    return not POLICIES[DecisionRole(link.decision.role)](person, link.decision.request)


def _decision_page(request: HttpRequest, link: DecisionLink, person: Person) -> HttpResponse:
    record, role = (
        Request.objects.for_rows().get(pk=link.decision.request_id),
        DecisionRole(link.decision.role),
    )
    if not POLICIES[role](person, record):
        return _dead_end(request, "You no longer act for the person who decides on this.", GONE, link)
    posted = request.POST if request.method == "POST" else None
    form = DecisionForm(posted, record=record, role=role, pick=_link_suffices(link))
    if not form.is_valid():
        return _form_page(request, link, person, form, UNPROCESSABLE if form.is_bound else 200)
    try:
        done = _decide(link, form, person)
    except (TransitionError, DeadLinkError) as error:
        form.add_error(None, error.sentence)
        return _after_refusal(request, link, person, form)
    return _after_decision(request, link, done, form)


def _form_page(
    request: HttpRequest, link: DecisionLink, person: Person, form: DecisionForm, status: int
) -> HttpResponse:
    context = {**decision_page_context(link.decision, person, form), "from_mail": True}
    return render(request, "shadowing/requests/decide.html", context, status=status)


def _decide(link: DecisionLink, form: DecisionForm, person: Person) -> Request:
    """Decide and use up the link in one transaction.

    Raises DeadLinkError, with nothing saved, when the request has changed meanwhile.
    """
    inputs: dict[str, Any] = form.inputs()
    if _link_suffices(link):
        inputs["undo_until"] = timezone.now() + dt.timedelta(minutes=settings.UNDO_MINUTES)
    with transaction.atomic():
        done = perform(form.record, form.cleaned_data["answer"], actor=person, how=How.EMAIL_LINK, **inputs)
        if done.version != link.request_version + 1:
            raise DeadLinkError(MEANWHILE, link)
        use_link(link)
    return done


def _after_refusal(
    request: HttpRequest, link: DecisionLink, person: Person, form: DecisionForm
) -> HttpResponse:
    """Show the form again while the link still works, else the page that it is too late."""
    fresh = Request.objects.get(pk=form.record.pk)
    if fresh.version == link.request_version:
        return _form_page(request, link, person, form, CONFLICT)
    return too_late(request, str(form.non_field_errors()[0]), request.path)


def _after_decision(
    request: HttpRequest, link: DecisionLink, done: Request, form: DecisionForm
) -> HttpResponse:
    if _link_suffices(link):
        remember_decided(request, link)
        return SeeOther(request.path)
    messages.success(request, confirmation_of(form.cleaned_data["answer"], done))
    return SeeOther(done.get_absolute_url())


def _dead_end(
    request: HttpRequest, sentence: str, status: int, link: DecisionLink | None = None
) -> HttpResponse:
    """Render the page that says why the link cannot be used, with the request for those who may see it."""
    record = None
    if link is not None and isinstance(request.user, Person):
        record = Request.objects.visible_record(link.decision.request_id, request.user).first()
    context = {"sentence": sentence, "record": record, "foreign": status == FORBIDDEN}
    return render(request, "shadowing/requests/decide_dead.html", context, status=status)
