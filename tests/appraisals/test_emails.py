"""Every mail about appraisals in every situation: subject, text, and what a mail must not contain."""

from __future__ import annotations

import datetime as dt
import html as html_escapes
import re
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.template import engines

from accounts.enums import How
from accounts.models import Person
from accounts.workflow import perform
from appraisals.models import Appraisal
from appraisals.workflow import due
from appraisals.workflow.talk_nudges import nudge
from messaging import digests
from messaging.models import Message
from schedule.due import run_due
from tests.appraisals.staged import opened, prompted, release, released, signed_off, talk, talked
from tests.architecture import ROOT, code
from tests.cast import Cast, member
from tests.factories import CycleFactory, ObjectiveFactory
from tests.messaging.parts_of_mails import LINK, same_words
from tests.shadowing.clock import MONDAY
from tests.shadowing.mail.test_emails import CODES, ISO, UUID

FOLDER = ROOT / "templates" / "emails" / "appraisals"
NAMES = {path.stem for path in FOLDER.glob("*.html")}
WORDS = ("Learn to sort", "Sort calls", "Ask first", "stacks", "Well seen", "In May", "On a project")
Situation = Callable[[Cast], object]


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    """A day with no holidays soon after it."""
    with time_machine.travel(MONDAY):
        yield


@pytest.fixture(autouse=True)
def missing_words_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make template variables without a value visible."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "MISSING-%s")  # type: ignore[attr-defined]  # Django's own engine


def appraisal(cast: Cast) -> Appraisal:
    """Of the year 2026/27."""
    CycleFactory.create(name="2026/27", starts_on=dt.date(2026, 8, 1), ends_on=dt.date(2027, 7, 31))
    return opened(cast, cycle__name="2026/27")


def asked_to_talk(cast: Cast) -> None:
    perform(appraisal(cast), "prompt", actor=None, how=How.SYSTEM)


def asked_without_anybody_to_appraise(cast: Cast) -> None:
    alone = opened(cast, person=member(cast.estates, first_name="Stella"), appraiser=None)
    perform(alone, "prompt", actor=None, how=How.SYSTEM)


def silent(cast: Cast) -> None:
    prompted(cast)
    with time_machine.travel(MONDAY + dt.timedelta(days=14)):
        due.run_due()


def objectives_written(cast: Cast) -> None:
    perform(appraisal(cast), "add_objective", actor=cast.shadow, text="Learn to sort.")
    with time_machine.travel(MONDAY + dt.timedelta(days=7)):
        due.run_due()


def learned(cast: Cast) -> None:
    one = opened(cast)
    note = released(cast)
    with time_machine.travel(MONDAY + dt.timedelta(days=7)):
        due.run_due()
    perform(one, "acknowledge", actor=cast.manager, note=note, comment="Well seen.")


def signed_by_the_person_first(cast: Cast) -> None:
    half = perform(talked(cast), "sign_as_person", actor=cast.shadow)
    with time_machine.travel(MONDAY + dt.timedelta(days=7)):
        due.run_due()
    perform(half, "sign_as_appraiser", actor=cast.manager)


def signed_by_the_deputy_first(cast: Cast) -> None:
    half = perform(talked(cast), "sign_as_appraiser", actor=cast.deputy)
    with time_machine.travel(MONDAY + dt.timedelta(days=7)):
        due.run_due()
    perform(half, "sign_as_person", actor=cast.shadow)


def changed_after_both_had_signed_one_by_one(cast: Cast) -> None:
    one = talked(cast)
    perform(one, "sign_as_person", actor=cast.shadow)
    talk(one, cast.manager, outcome="not_this_year", words="The move of the stacks comes first.")
    perform(one, "sign_as_appraiser", actor=cast.manager)
    perform(one, "add_objective", actor=cast.shadow, text="Learn to sort.")


def notes_added(cast: Cast) -> None:
    one = signed_off(cast)
    perform(one, "add_note", actor=cast.shadow, words="In May, not June.")
    perform(one, "add_note", actor=cast.manager, words="So it was.")


def learned_after_the_sign_off(cast: Cast) -> None:
    one = opened(cast)
    note = released(cast)
    perform(one, "acknowledge", actor=cast.manager, note=note)
    talk(one, cast.shadow)
    perform(perform(one, "sign_as_person", actor=cast.shadow), "sign_as_appraiser", actor=cast.manager)
    release(cast, [("What will you do differently?", "Ask first.")])


def manager_replaced(cast: Cast) -> None:
    one = prompted(cast)
    ObjectiveFactory.create(appraisal=one, text="Learn to sort.")
    Person.objects.filter(pk=cast.shadow.pk).update(line_manager=cast.host_manager)
    run_due()


def manager_replaced_while_one_thing_waits(cast: Cast) -> None:
    ObjectiveFactory.create(appraisal=opened(cast), text="Learn to sort.")
    Person.objects.filter(pk=cast.shadow.pk).update(line_manager=cast.host_manager)
    run_due()


def reminded_by_a_coordinator(cast: Cast) -> None:
    cycle = appraisal(cast).cycle
    other = member(cast.library, first_name="Stella", line_manager=cast.manager)
    opened(cast, person=other, cycle=cycle)
    nudge(cast.manager, cycle, by=cast.coordinator)


SITUATIONS: dict[Situation, str] = {
    asked_to_talk: "conversation_prompted_to_person conversation_prompted_to_manager",
    asked_without_anybody_to_appraise: "conversation_prompted_to_person",
    silent: (
        "conversation_prompted_to_person conversation_prompted_to_manager appraisal_reminder_to_person "
        "appraisal_reminder_to_manager"
    ),
    reminded_by_a_coordinator: "conversation_missing_to_manager",
    objectives_written: "objectives_added_to_manager appraisal_reminder_to_manager",
    learned: ("evidence_released_to_manager appraisal_reminder_to_manager evidence_acknowledged_to_person"),
    signed_by_the_person_first: (
        "appraisal_signed_to_manager appraisal_reminder_to_manager appraisal_signed_off_to_person "
        "appraisal_signed_off_to_manager"
    ),
    signed_by_the_deputy_first: (
        "appraisal_signed_to_person appraisal_reminder_to_person appraisal_signed_off_to_person "
        "appraisal_signed_off_to_manager"
    ),
    changed_after_both_had_signed_one_by_one: (
        "appraisal_signed_to_manager signature_taken_back_to_person appraisal_signed_to_person "
        "signature_taken_back_to_manager objectives_added_to_manager"
    ),
    notes_added: (
        "appraisal_signed_to_manager appraisal_signed_off_to_person appraisal_signed_off_to_manager "
        "note_added_to_manager note_added_to_person"
    ),
    learned_after_the_sign_off: (
        "evidence_released_to_manager evidence_acknowledged_to_person appraisal_signed_to_manager "
        "appraisal_signed_off_to_person appraisal_signed_off_to_manager note_added_to_manager"
    ),
    manager_replaced: (
        "conversation_prompted_to_person conversation_prompted_to_manager appraisal_handed_over_to_manager"
    ),
    manager_replaced_while_one_thing_waits: "appraisal_handed_over_to_manager",
}


@pytest.mark.parametrize("situation", list(SITUATIONS), ids=lambda situation: situation.__name__)
def test_mails_of_a_situation_are_readable(cast: Cast, situation: Situation) -> None:
    situation(cast)
    single = Message.objects.exclude(template=digests.TEMPLATE)  # tests/messaging/test_digests.py
    owed = list(single.select_related("recipient", "needed_while"))
    for message in owed:
        fit_to_be_read(message)
        same_words(message)
    assert {message.template for message in owed} == {
        f"appraisals/{name}" for name in SITUATIONS[situation].split()
    }


def fit_to_be_read(message: Message) -> None:
    """What holds for every mail."""
    name, everything = message.template, message.subject + message.text + message.html
    words = LINK.sub("", f"{message.subject}\n{message.text}")
    for what in (UUID, ISO, CODES):
        assert not what.search(words), (name, what.search(words))
    assert "MISSING" not in everything, (name, message.text)
    assert not any(said in everything for said in WORDS), (name, message.text)
    assert len(message.subject) < 110, message.subject
    assert message.subject[0].isupper(), message.subject
    assert message.recipient is not None
    assert f"Hello {message.recipient.get_short_name()}," in message.text, name
    assert "You get this because" in message.text, name
    assert f"<title>{html_escapes.escape(message.subject, quote=False)}</title>" in message.html, name
    assert re.search(r'href="http://testserver/appraisals/[0-9a-f-]{36}/(#[a-z]+)?"', message.html), name
    if message.needed_while is not None:
        assert re.search(r"by (Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d", message.subject), message.subject


def test_every_template_is_used_in_some_situation() -> None:
    """A template that no situation queues is not needed."""
    assert set(" ".join(SITUATIONS.values()).split()) == NAMES


def test_every_mail_named_in_the_code_has_a_template() -> None:
    named = set[str]()
    for file in code():
        if file.module.startswith("appraisals"):
            named |= set(re.findall(r'"([a-z_]+_to_(?:person|manager)?)"', file.text))
    assert named
    assert all(any(name.startswith(event) for name in NAMES) for event in named), named


@pytest.mark.parametrize(
    ("situation", "subjects"),
    [
        (
            asked_to_talk,
            {
                "Talk about shadowing with Mary Manager, by Sat 31 July",
                "Talk about shadowing with Sam Shadow, by Sat 31 July",
            },
        ),
        (
            asked_without_anybody_to_appraise,
            {"Talk about shadowing with your line manager, by Sat 20 November"},
        ),
        (reminded_by_a_coordinator, {"Talk about shadowing with 2 people: 2026/27"}),
        (
            objectives_written,
            {
                "Agree the objectives of Sam Shadow, by Mon 15 March",
                "Agree the objectives of Sam Shadow: still to do, by Mon 15 March",
            },
        ),
        (
            learned,
            {
                "Acknowledge what Sam Shadow learned, by Mon 15 March",
                "Acknowledge what Sam Shadow learned: still to do, by Mon 15 March",
                "Mary Manager has read what you learned at “A morning at the service desk”",
            },
        ),
        (
            manager_replaced,
            {
                "Talk about shadowing with Mary Manager, by Sat 20 November",
                "Talk about shadowing with Sam Shadow, by Sat 20 November",
                "You now appraise Sam Shadow: 2 things wait, the first by Mon 15 March",
            },
        ),
        (
            manager_replaced_while_one_thing_waits,
            {"You now appraise Sam Shadow: one thing waits, by Mon 15 March"},
        ),
    ],
)
def test_subject_says_what_is_asked_and_by_when(cast: Cast, situation: Situation, subjects: set[str]) -> None:
    situation(cast)
    assert set(Message.objects.values_list("subject", flat=True)) == subjects


def test_deputy_reads_for_whom_they_may_act(cast: Cast) -> None:
    asked_to_talk(cast)
    told = Message.objects.get(recipient=cast.deputy)
    assert "You get this as deputy of Mary Manager: you may act in their place." in told.text
    assert "You get this because you are the deputy of Mary Manager at the moment." in told.text
    assert "deputy" not in Message.objects.get(recipient=cast.manager).text


def test_mail_of_what_is_asked_leads_to_its_part_of_the_page(cast: Cast) -> None:
    objectives_written(cast)
    one = Appraisal.objects.get()
    first = Message.objects.filter(recipient=cast.manager).earliest("dated")
    assert f"See the objectives:\nhttp://testserver/appraisals/{one.pk}/#objectives\n" in first.text
