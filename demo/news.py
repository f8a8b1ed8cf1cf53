"""Announcements and suggestions by coordinators and managers of the demo."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from accounts.models import Person
from coordination.workflow.announcements import announce
from coordination.workflow.coordinators import name_coordinator
from demo import named_people
from demo.demo_days import Days
from demo.organisation import Organisation
from departments.models import Department
from messaging import outbox
from shadowing.models import Announcement, Offer, Request, Suggestion
from shadowing.offers.workflow.suggestions import decline, suggest_offer, suggest_visit

# Title, words, code of the branch (none: everybody), first and last day from today, and who writes.
NEWS: tuple[tuple[str, str, str, int, int, named_people.Role], ...] = (
    (
        "Open mornings in the spring",
        (
            "Twelve teams have put new mornings on the list. Have a look before they are full, and talk "
            "about it with your line manager: half a day is enough to see a lot."
        ),
        "",
        -5,
        30,
        named_people.COORDINATOR,
    ),
    (
        "Library drop-in about visits",
        (
            "Not sure which visit would suit you? I am in the staff room on the second floor every Thursday "
            "at lunchtime, and glad to help."
        ),
        "LIB",
        -2,
        60,
        named_people.DEPT_COORDINATOR,
    ),
    (
        "Appraisals are coming",
        "Please write down what your visit taught you, so that it can be part of your appraisal.",
        "",
        60,
        90,
        named_people.COORDINATOR,
    ),
    (
        "Thank you to all hosts",
        "More people than ever have been on a visit this winter. Thank you for opening your doors.",
        "",
        -60,
        -40,
        named_people.COORDINATOR,
    ),
)
# Department, what people ask for, why.
WANTED = (
    ("ESTATES", "A morning with the grounds team", "Three people asked for it since the autumn."),
    ("COMMS", "How a news story is made", "Two people from the library would like to see it."),
)


def create_news(organisation: Organisation, days: Days) -> None:
    """Create announcements, suggestions and a coordinator; none of the mails is sent."""
    _announce(organisation, days)
    _suggest(organisation)
    registry = Department.objects.get(code="ACREG")
    second = organisation.people_of(organisation.teams_of("ACREG")[0])[0]
    name_coordinator(registry, second, by=organisation.named(named_people.COORDINATOR))
    for event in ("coordinator", "suggestion", "announcement"):
        outbox.drop_unsent(f"{event}:")


def _announce(organisation: Organisation, days: Days) -> None:
    everybody = Person.objects.active().count()
    for title, words, code, first, last, who in NEWS:
        starts, ends = (days.today + dt.timedelta(days=number) for number in (first, last))
        branch = Department.objects.get(code=code) if code else None
        news = Announcement(title=title, words=words, branch=branch, shows_from=starts, shows_until=ends)
        announce(news, by=organisation.named(who))
        if last < 0:
            then = timezone.now() + dt.timedelta(days=first)
            mailed = {"by_mail": True, "total": everybody, "done": everybody, "mailed_at": then}
            Announcement.objects.filter(pk=news.pk).update(written_at=then, **mailed)


def _suggest(organisation: Organisation) -> None:
    """Suggest a visit to the demo shadow, and offers to two departments, one of which declines."""
    manager, coordinator = (
        organisation.named(named_people.MANAGER),
        organisation.named(named_people.COORDINATOR),
    )
    shadow = organisation.named(named_people.SHADOW)
    asked = Request.objects.filter(shadow=shadow).values("offer")
    offers = Offer.objects.listed().filter(department__code__startswith="COMMS").exclude(pk__in=asked)
    offer = offers.order_by("title").first()
    if offer is not None:
        words = "You said you would like to write better for our pages: this team does it every day."
        suggest_visit(offer, shadow, by=manager, words=words)
    made: list[Suggestion] = []
    for code, title, words in WANTED:
        department = Department.objects.select_related("head", "parent").get(code=code)
        if department.head is not None:
            made.append(suggest_offer(department, department.head, title, by=coordinator, words=words))
    if made:
        decline(made[-1], by=made[-1].person, words="Our newsroom moves in spring. Ask us again in autumn.")
