"""Profile page, and the URLs its forms are posted to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.deputies import OVER, change_end, end_delegation, name_deputy
from accounts.enums import MailRhythm
from accounts.forms.people import MOST_SHOWN
from accounts.forms.profile import WEEKDAYS, DaysForm, DeputyForm, EndForm, RhythmForm
from accounts.free_text import one_line
from accounts.models import Delegation, Person
from accounts.models.person import new_calendar_token
from accounts.pages.profile import profile_of, until_id
from accounts.search_text import LONGEST
from accounts.views.viewer import UNPROCESSABLE, SeeOther, press_again, too_late, viewer
from accounts.workflow import TransitionError

SECTION = "accounts:profile"

Act = Callable[[HttpRequest, Person], HttpResponse]
ActOnDay = Callable[[HttpRequest, Person, Delegation], HttpResponse]


def form_post_only(act: Act) -> Callable[[HttpRequest], HttpResponse]:
    """Decorate a view that handles a posted form; a GET leads to the profile page."""

    @wraps(act)
    def answer(request: HttpRequest) -> HttpResponse:
        return (
            act(request, viewer(request))
            if request.method == "POST"
            else press_again(request, reverse(SECTION))
        )

    return answer


def deputy_form_post_only(act: ActOnDay) -> Callable[[HttpRequest, str], HttpResponse]:
    """Decorate such a view about one deputy, identified by the first day, which is unique per manager.

    If no deputy begins on that day, the form came from a tab opened before the deputy was removed: the answer
    says that this has ended, and reveals nothing about other people's deputies.
    """

    @wraps(act)
    def answer(request: HttpRequest, day: str) -> HttpResponse:
        if request.method != "POST":
            return press_again(request, reverse(SECTION))
        person, first = viewer(request), _day(day)
        named = Delegation.objects.select_related("manager", "deputy")
        found = named.filter(manager=person, starts_on=first).first()
        try:
            return act(request, person, found) if found else _too_late(request, OVER)
        except TransitionError as error:
            return _too_late(request, error.sentence)

    return answer


@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """Show the profile page."""
    return profile_page(request, viewer(request))


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Return suggestions of people whose name or email matches what is being typed."""
    words = one_line(request.GET.get("who") or request.GET.get("deputy", ""), LONGEST)
    found = Person.objects.named(words).exclude(pk=viewer(request).pk) if len(words.strip()) > 1 else ()
    return render(request, "accounts/people_options.html", {"people": found[:MOST_SHOWN]})


@form_post_only
def change_days(request: HttpRequest, person: Person) -> HttpResponse:
    """Save the person's working days; deadlines set from now on use them."""
    form = DaysForm(request.POST, auto_id="days_%s")
    if not form.is_valid():
        return profile_page(request, person, days=form)
    person.working_days = form.cleaned_data["working_days"]
    person.save(update_fields=["working_days"])
    names = [name for number, name in WEEKDAYS if number in person.working_days]
    return _done(request, f"Saved: you work on {', '.join(names)}.", "days")


@form_post_only
def change_rhythm(request: HttpRequest, person: Person) -> HttpResponse:
    """Save whether mail comes at once or once a day."""
    form = RhythmForm(request.POST, auto_id="mail_%s")
    if not form.is_valid():
        return profile_page(request, person, rhythm=form)
    person.mail_rhythm = MailRhythm(form.cleaned_data["mail_rhythm"])
    person.save(update_fields=["mail_rhythm"])
    return _done(request, f"Saved: news comes {person.get_mail_rhythm_display().lower()}.", "mail")


@form_post_only
def add_deputy(request: HttpRequest, person: Person) -> HttpResponse:
    """Name a deputy."""
    form = DeputyForm(request.POST, auto_id="deputy_%s")
    if form.is_valid():
        given = form.cleaned_data
        try:
            named = name_deputy(
                person, given["person"], given["starts_on"], given["ends_on"], timezone.localdate()
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _done(
                request, f"{named.deputy} acts for you {named.span}. We tell them by mail.", "deputies"
            )
    return profile_page(request, person, deputy=form)


@deputy_form_post_only
def change_deputy(request: HttpRequest, person: Person, named: Delegation) -> HttpResponse:
    """Change a deputy's last day."""
    form = EndForm(request.POST, auto_id=until_id(named.starts_on))
    if form.is_valid():
        try:
            changed = change_end(named, form.cleaned_data["ends_on"], timezone.localdate())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _done(request, f"{changed.deputy} now acts for you {changed.span}.", "deputies")
    return profile_page(request, person, **{named.starts_on.isoformat(): form})


@deputy_form_post_only
def end_deputy(request: HttpRequest, person: Person, named: Delegation) -> HttpResponse:
    """End a delegation now."""
    end_delegation(named, timezone.localdate())
    return _done(request, f"{named.deputy} no longer acts for you. We tell them by mail.", "deputies")


@form_post_only
def renew_calendar(request: HttpRequest, person: Person) -> HttpResponse:
    """Make a new private calendar address; the old one stops working."""
    person.calendar_token = new_calendar_token()
    person.save(update_fields=["calendar_token"])
    sentence = "Here is your new calendar address. The old one no longer works: please add the new one."
    return _done(request, sentence, "calendar")


def profile_page(request: HttpRequest, person: Person, **sent: Form) -> HttpResponse:
    """Render the profile page. ``sent``: invalid forms to show again, by their name on the page."""
    context = {**profile_of(person, timezone.localdate(), sent), "section": SECTION}
    return render(request, "accounts/profile.html", context, status=UNPROCESSABLE if sent else 200)


def _done(request: HttpRequest, sentence: str, part: str) -> HttpResponse:
    messages.success(request, sentence)
    return SeeOther(f"{reverse(SECTION)}#{part}")


def _too_late(request: HttpRequest, sentence: str) -> HttpResponse:
    return too_late(request, sentence, f"{reverse(SECTION)}#deputies")


def _day(words: str) -> dt.date:
    try:
        return dt.date.fromisoformat(words)
    except ValueError as error:
        raise Http404 from error
