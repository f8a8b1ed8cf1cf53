"""Everybody has the same name: on each page of a record, and in each mail, it is said who is who."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.utils.html import strip_tags

from accounts.models import Message
from accounts.told_apart import display_names, forget_page, told_apart
from departments.models import Membership
from shadowing.models import Placement
from shadowing.workflow import perform
from tests.cast import Cast
from tests.factories import AppraisalFactory
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
    """What a page of the last test told apart is not carried over; no holidays come soon."""
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
    """Where the name is said without saying whose it is."""
    return [text[max(0, found.start() - 60) : found.end() + 40] for found in UNTOLD.finditer(text)]


def on_page(client: Client, url: str) -> list[str]:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return [f"{url}: {each}" for each in untold(strip_tags(OWN_MENU.sub("", answer.content.decode())))]


def record_pages(cast: Cast, urls: list[str]) -> list[str]:
    wrong = []
    for person in cast.people().values():
        for url in urls:
            if signed_in(person).get(url).status_code == 200:
                wrong += on_page(signed_in(person), url)
    return wrong


def test_request_says_who_is_who_from_first_to_last(cast: Cast) -> None:
    all_namesakes(cast)
    request = cast.submitted()
    assert not record_pages(cast, [request.get_absolute_url()])
    assert not on_page(signed_in(cast.manager), link_for(cast.manager))
    request = perform(request, "decline", actor=cast.deputy, reason="cover")
    assert not record_pages(cast, [request.get_absolute_url()])


def test_visit_says_who_is_who(cast: Cast) -> None:
    all_namesakes(cast)
    request = cast.submitted()
    request = perform(request, "approve", actor=cast.deputy)
    assert not record_pages(cast, [request.get_absolute_url()])
    request = perform(request, "agree", actor=cast.host)
    assert not record_pages(cast, [request.get_absolute_url(), request.placement.get_absolute_url()])


def test_appraisal_says_who_is_who(cast: Cast) -> None:
    all_namesakes(cast)
    appraisal = AppraisalFactory.create(person=cast.shadow)
    assert not record_pages(cast, [appraisal.get_absolute_url()])


@pytest.mark.parametrize("situation", list(SITUATIONS), ids=lambda situation: situation.__name__)
def test_every_mail_says_who_is_who(cast: Cast, situation: Situation) -> None:
    all_namesakes(cast)
    situation(cast)
    wrong = {mail.template: untold(f"{mail.subject}\n{mail.text}") for mail in Message.objects.all()}
    wrong = {template: said for template, said in wrong.items() if not OF_OFFERS.match(template)}
    assert not {template: said for template, said in wrong.items() if said}


def test_names_are_told_apart_by_title_else_department_else_email(cast: Cast) -> None:
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


def test_nobody_is_told_apart_outside_a_page_or_mail(cast: Cast) -> None:
    all_namesakes(cast)
    with told_apart(cast.people().values()):
        assert cast.shadow.full_name == f"{NAME} (Shadow)"
    assert cast.shadow.full_name == cast.shadow.plain_name == NAME
    placement = cast.agreed().placement
    assert Placement.objects.get(pk=placement.pk).contact == f"{NAME}, host@example.ac.uk"
