"""Where several people share a name, pages and mails tell them apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.display_names import begin_page, disambiguated_names, display_names, forget_page
from accounts.models import Person
from accounts.protection.data_export import records_about
from accounts.workflow import perform
from departments.models import Membership
from messaging.models import Message
from shadowing.models import Placement
from tests.cast import Cast, member
from tests.factories import AppraisalFactory, DelegationFactory
from tests.shadowing.clock import MONDAY
from tests.shadowing.links import link_for, signed_in
from tests.shadowing.situations import SITUATIONS, Situation

NAME = "Alex Doe"
# An email or a job title after the name says it as well; mails about an offer name nobody but its host.
UNTOLD = re.compile(rf"{NAME}(?!\s+\(|, \S+@|, [A-Z][\w ]+:)")
OF_OFFERS = re.compile(r"offer_\w+_to_host$")
OWN_MENU = re.compile(r"<header.*?</header>", re.DOTALL)


@pytest.fixture(autouse=True)
def nobody_told_apart() -> Iterator[None]:
    """Forget the namesakes of the last test, and set a day without holidays soon after it."""
    with time_machine.travel(MONDAY):
        yield
    forget_page()


def all_namesakes(cast: Cast) -> None:
    """Everybody is called the same; each has a job title of their own."""
    for part, person in cast.people().items():
        person.first_name, person.last_name = NAME.split()
        person.job_title = part.replace("_", " ").capitalize()
        person.save()
    for side in (cast.shadow, cast.host):
        side.refresh_from_db()
    cast.offer.refresh_from_db()


def untold(text: str) -> list[str]:
    """Return where the shared name appears without a distinction."""
    return [text[max(0, found.start() - 60) : found.end() + 40] for found in UNTOLD.finditer(text)]


def on_page(client: Client, url: str) -> list[str]:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return [f"{url}: {each}" for each in untold(strip_tags(OWN_MENU.sub("", answer.content.decode())))]


def queries_of(person: Person, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert signed_in(person).get(url).status_code == 200
    return len(queries)


def record_pages(cast: Cast, urls: list[str]) -> list[str]:
    wrong = []
    for person in cast.people().values():
        for url in urls:
            if signed_in(person).get(url).status_code == 200:
                wrong += on_page(signed_in(person), url)
    return wrong


def test_request_pages_and_mails_tell_namesakes_apart(cast: Cast) -> None:
    all_namesakes(cast)
    request = cast.submitted()
    assert not record_pages(cast, [request.get_absolute_url()])
    assert not on_page(signed_in(cast.manager), link_for(cast.manager))
    request = perform(request, "decline", actor=cast.deputy, reason="cover")
    assert not record_pages(cast, [request.get_absolute_url()])


def test_visit_pages_and_mails_tell_namesakes_apart(cast: Cast) -> None:
    all_namesakes(cast)
    request = cast.submitted()
    request = perform(request, "approve", actor=cast.deputy)
    assert not record_pages(cast, [request.get_absolute_url()])
    request = perform(request, "agree", actor=cast.host)
    assert not record_pages(cast, [request.get_absolute_url(), request.placement.get_absolute_url()])


def test_appraisal_pages_and_mails_tell_namesakes_apart(cast: Cast) -> None:
    all_namesakes(cast)
    appraisal = AppraisalFactory.create(person=cast.shadow)
    assert not record_pages(cast, [appraisal.get_absolute_url()])


@pytest.mark.parametrize("situation", list(SITUATIONS), ids=lambda situation: situation.__name__)
def test_every_mail_tells_namesakes_apart(cast: Cast, situation: Situation) -> None:
    all_namesakes(cast)
    situation(cast)
    wrong = {mail.template: untold(f"{mail.subject}\n{mail.text}") for mail in Message.objects.all()}
    wrong = {template: said for template, said in wrong.items() if not OF_OFFERS.match(template)}
    assert not {template: said for template, said in wrong.items() if said}


def test_namesakes_differ_by_title_or_department_or_email(cast: Cast) -> None:
    one, other = cast.shadow, cast.host
    for person in (one, other):
        person.first_name, person.last_name, person.job_title = "İpek", "O’Brien", "Officer"
    other.first_name = "Ipek"  # the same to a reader
    one.job_title = "Clerk"
    assert display_names([one, other]) == {one.pk: "İpek O’Brien (Clerk)", other.pk: "Ipek O’Brien (Officer)"}
    one.job_title = "Officer"
    assert display_names([one, other])[one.pk] == "İpek O’Brien (Library Services)"
    Membership.objects.filter(person=other).update(department=cast.library)
    other.refresh_from_db()
    other.first_name, other.last_name, other.job_title = "İpek", "O’Brien", "Officer"
    assert display_names([one, other])[other.pk] == "İpek O’Brien (host@example.ac.uk)"
    assert display_names([one, one, cast.manager]) == {}


def test_erased_person_has_no_namesakes(cast: Cast) -> None:
    all_namesakes(cast)
    cast.shadow.erased_at = cast.host.erased_at = timezone.now()
    assert display_names([cast.shadow, cast.host, cast.manager]) == {}


def test_page_tells_apart_everybody_it_loads(cast: Cast) -> None:
    all_namesakes(cast)
    begin_page()
    shadow = Person.objects.get(pk=cast.shadow.pk)
    assert shadow.full_name == NAME  # nobody else is here yet
    host = Person.objects.get(pk=cast.host.pk)
    assert (shadow.full_name, host.full_name) == (f"{NAME} (Shadow)", f"{NAME} (Host)")
    with disambiguated_names([]):
        assert shadow.full_name == NAME  # what is written down is read elsewhere


@pytest.mark.parametrize("same_titles", [False, True])
def test_namesakes_cost_a_page_one_query_at_most(cast: Cast, same_titles: bool) -> None:
    everybody = [member(cast.it, line_manager=cast.manager) for _ in range(12)]
    few = queries_of(cast.manager, "/team/")
    Person.objects.filter(pk__in=[person.pk for person in everybody]).update(
        first_name="Alex", last_name="Doe"
    )
    if not same_titles:
        for person in everybody:
            Person.objects.filter(pk=person.pk).update(job_title=f"Officer {person.pk}")
    assert queries_of(cast.manager, "/team/") <= few + same_titles


def test_lists_tell_deputies_apart(cast: Cast) -> None:
    all_namesakes(cast)
    other = member(cast.library, first_name="Olga", last_name="Other")
    second = member(cast.library, first_name="Alex", last_name="Doe", job_title="Second deputy")
    DelegationFactory.create(manager=other, deputy=second)
    for manager in (cast.manager, other):
        Person.objects.filter(pk=cast.shadow.pk).update(line_manager=manager)
        cast.shadow.refresh_from_db()
        cast.submitted(session=cast.window())
    Person.objects.exclude(pk__in=[cast.deputy.pk, second.pk]).update(first_name="Some", last_name=F("email"))
    page = signed_in(cast.shadow).get("/requests/").content.decode()
    assert f"{NAME} (Deputy) may decide" in page
    assert f"{NAME} (Second deputy) may decide" in page


def test_data_export_tells_namesakes_apart(cast: Cast) -> None:
    all_namesakes(cast)
    perform(cast.agreed().placement, "cancel", actor=cast.host, reason="other")
    held = records_about(cast.shadow)
    assert held["visits"][0]["Visitor"] == f"{NAME} (Shadow)"
    assert held["visits"][0]["Host"] == f"{NAME} (Host)"
    names = [value for rows in held.values() for row in rows for value in row.values() if value == NAME]
    assert not names


def test_names_are_plain_outside_pages_and_mails(cast: Cast) -> None:
    all_namesakes(cast)
    with disambiguated_names(cast.people().values()):
        assert cast.shadow.full_name == f"{NAME} (Shadow)"
    assert cast.shadow.full_name == cast.shadow.plain_name == NAME
    placement = cast.agreed().placement
    assert Placement.objects.get(pk=placement.pk).contact == f"{NAME}, host@example.ac.uk"
