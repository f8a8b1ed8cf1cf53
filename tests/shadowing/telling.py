"""A visit from request to sign-off in which every kind of text holds a word of its own; who finds which."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import pypdf
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.encryption import can_seal
from accounts.enums import How
from accounts.models import Person, WaitingItem
from accounts.workflow import perform
from accounts.workflow import perform as appraise
from appraisals.models import Appraisal, CycleExport, EvidenceNote
from departments.models import Coordinator
from messaging.models import Message
from schedule.due import run_due
from shadowing.enums import Share
from shadowing.models import FollowUp, Placement, Request
from shadowing.placements.workflow.adjustments import keep_needs
from tests.addresses import APP_OF, TABLES
from tests.cast import Cast, member
from tests.factories import AppraisalFactory, PersonFactory, at, take_on
from tests.shadowing.reflecting import sent, words

MARK = re.compile(r"kanarie([a-z]+)")
MOST = 40
LISTS = (
    *(
        "home",
        "my-requests",
        "approvals",
        "team",
        "desk",
        "desk-mail",
        "desk-offers",
        "desk-people",
        "desk-place",
        "desk-notes",
        "coordinators",
        "scheme-list",
        "announcements",
        "suggestions",
        "offer-list",
        "my-offers",
    ),
    *("cycles", "cycle-columns", "cycle-columns-file", "help", "desk-file", "not-talked"),
)
OF_A_VISIT = (
    *("placement-detail", "placement-edit", "placement-move", "placement-needs", "placement-calendar"),
    *("reflection", "thanks", "later"),
)
OF_A_REQUEST = ("request-detail", "request-decide", "request-edit")
OF_AN_OFFER = ("offer-detail", "offer-edit")
OF_A_CYCLE = ("cycle", "cycle-people", "cycle-edit", "cycle-progress")
OF_AN_APPRAISAL = ("detail", "summary-pdf", "summary-csv", "summary-json")
SINGLE = ("desk-item", "session-attendance", "cycle-person", "cycle-file", "calendar-feed", "list")
# What cannot be opened, and what holds nothing of anybody's visit or asks for what a test of its own gives.
ONLY_POSTED = {"offer-act", "request-act", "placement-act", "reflection-keep", "act", "desk-send-again"}
ONLY_POSTED |= {"suggestion-decline", "desk-remind", "cycle-open", "cycle-export"}
ONLY_POSTED |= {"desk-remind-several", "desk-hand-over", "not-talked-remind"}
ELSEWHERE = {"offer-create", "offer-copy", "request-create", "cycle-create", "cycle-progress"}
ELSEWHERE |= {"accessibility"}
ELSEWHERE |= {f"scheme-{name}" for name in ("rules", "agreement", "checklists", "questions", "mails", "mail")}
ELSEWHERE |= {"offer-suggest", "suggestion", "suggestion-create"}
ELSEWHERE |= {"announcement-create", "announcement-edit", "announcement-end"}
ELSEWHERE |= {"scheme", "coordinator-create", "coordinator-end", "coordinator-hand-over"}
ELSEWHERE |= {"desk-ask-other", "decide", "calendar-feed", "schema"}
ELSEWHERE |= {"request-for", "request-for-step", "visit-for", "visit-for-step", "desk-place-offer"}


def word(kind: str) -> str:
    """The word that nothing but this kind of text holds."""
    return f"kanarie{kind}"


@dataclass
class Story:
    """The visit, the appraisals of both, and who reads."""

    cast: Cast
    placement: Placement
    declined: Request
    shadows: Appraisal
    hosts: Appraisal
    readers: dict[str, Person | None]
    clients: dict[str, Client] = field(default_factory=dict)

    def client(self, reader: str) -> Client:
        """The browser of one reader."""
        if reader not in self.clients:
            self.clients[reader] = Client()
            person = self.readers[reader]
            if person is not None:
                self.clients[reader].force_login(person)
        return self.clients[reader]


def before_the_visit(cast: Cast) -> Story:
    """Everything that is written until the day has come."""
    co_host = member(cast.it, email="cohost@example.ac.uk", first_name="Kim", last_name="Cohost")
    theirs = member(cast.it, email="itcoordinator@example.ac.uk", first_name="Ida", last_name="Itcoord")
    Coordinator.objects.create(department=cast.it, person=theirs)
    take_on(cast.offer, co_host)
    admin = PersonFactory.create(email="admin@example.ac.uk", is_staff=True, is_superuser=True)
    shadows = _appraisal(cast.shadow, cast.manager, "goal", "talk")
    hosts = _appraisal(cast.host, cast.host_manager, "hostgoal", "hosttalk")
    declined = cast.declined(session=cast.window(), words=word("no"), objectives=[word("otherwish")])
    placement = _agreed(cast, shadows)
    everybody = {**cast.people(), "co_host": co_host, "it_coordinator": theirs, "admin": admin}
    return Story(cast, placement, declined, shadows, hosts, {**everybody, "anonymous": None})


def _appraisal(person: Person, leader: Person, goal: str, talk: str) -> Appraisal:
    appraisal = AppraisalFactory.create(person=person, appraiser=leader)
    appraisal = appraise(appraisal, "add_objective", actor=person, text=word(goal))
    appraisal = appraise(appraisal, "agree_objectives", actor=leader)
    said: dict[str, Any] = {"held_on": timezone.localdate(), "outcome": "will_shadow", "words": word(talk)}
    return appraise(appraisal, "record_talk", actor=person, **said)


def _agreed(cast: Cast, appraisal: Appraisal) -> Placement:
    wished: dict[str, Any] = {
        "objectives": [word("wish")],
        "want_to_see": word("asks"),
        "dates_note": word("days"),
    }
    request = cast.approved(**wished, serves=appraisal.objectives.get())
    arranged: dict[str, Any] = {"place": word("place"), "agenda": word("agenda"), "contact": word("contact")}
    request = perform(request, "agree", actor=cast.host, words=word("welcome"), **arranged)
    placement = Placement.objects.get(request=request)
    perform(placement, "rearrange", actor=cast.host, bring=word("bring"), **arranged)
    perform(placement, "comment", actor=cast.shadow, words=word("comment"))
    perform(placement, "comment", actor=cast.host, words=word("reply"))
    other = [(at(45, 10), at(45, 13))]
    moving: dict[str, Any] = {"visits": other, "reason": "workload", "words": word("move")}
    perform(placement, "propose_move", actor=cast.shadow, **moving)
    perform(placement, "refuse_move", actor=cast.host, words=word("stay"))
    assert can_seal()
    keep_needs(placement, cast.shadow, word("needs"))
    return placement


def after_the_visit(story: Story) -> None:
    """Both sides have written, everything is acknowledged and signed, and a note was added since."""
    cast, placement = story.cast, story.placement
    over = timezone.now() - dt.timedelta(hours=2)
    placement.visits.update(starts_at=over - dt.timedelta(hours=3), ends_at=over)
    placement = perform(placement, "finish", actor=None, how=How.SYSTEM)
    s = Share
    mine: tuple[tuple[str, str, Share], ...] = (
        ("seen_differently", "kept", s.PRIVATE),
        ("team_should_know", "shared", s.SHARED),
    )
    mine += (("will_change", "released", s.EVIDENCE), ("to_organisers", "note", s.ORGANISERS))
    sent(placement, cast.shadow, *(words(placement, key, word(w), share) for key, w, share in mine))
    theirs: tuple[tuple[str, str, Share], ...] = (
        ("fresh_eyes", "hostkept", s.PRIVATE),
        ("worth_using", "hostreleased", s.EVIDENCE),
    )
    theirs += (("host_again", "hostshared", s.SHARED),)
    sent(placement, cast.host, *(words(placement, key, word(w), share) for key, w, share in theirs))
    perform(placement, "say_thanks", actor=cast.shadow, thanks=word("thanks"))
    _look_back(placement)
    for appraisal, leader, ack, added in (
        (story.shadows, cast.manager, "ack", "added"),
        (story.hosts, cast.host_manager, "hostack", "hostadded"),
    ):
        _sign_off(appraisal, leader, ack, added)


def _look_back(placement: Placement) -> None:
    asked = placement.follow_ups.order_by("days").first()
    assert asked is not None
    FollowUp.objects.filter(pk=asked.pk).update(asked_at=timezone.now())
    answer: dict[str, Any] = {"follow_up": asked.pk, "answer": "adopted", "said": word("later")}
    perform(placement, "answer_later", actor=placement.shadow, **answer)


def _sign_off(appraisal: Appraisal, leader: Person, ack: str, added: str) -> None:
    note = EvidenceNote.objects.get(activity__appraisal=appraisal)
    appraise(appraisal, "acknowledge", actor=leader, note=note, comment=word(ack))
    appraise(appraisal, "sign_as_person", actor=appraisal.person)
    appraise(appraisal, "sign_as_appraiser", actor=leader)
    appraise(appraisal, "add_note", actor=appraisal.person, words=word(added))


def export_the_cycle(story: Story) -> None:
    """The coordinator has the cycle exported."""
    day = story.shadows.cycle.starts_on.isoformat()
    assert story.client("coordinator").post(f"/coordinate/cycles/{day}/export/").status_code in {302, 303}
    run_due()


# --- who finds what ----------------------------------------------------------------------------------------

Found = dict[str, set[str]]  # by kind of text: who


def addresses(story: Story) -> list[str]:
    """Every address of the site under which a page, a file or a calendar of the story is found."""
    return [reverse(f"{app}:{name}", args=args) for app, name, args in _known(story)]


def unnamed() -> set[str]:
    """Return the URL names that are neither opened here nor listed as empty."""
    there = {f"{table.app_name}:{each.name}" for table in TABLES for each in table.urlpatterns}
    opened = {*LISTS, *OF_A_VISIT, *OF_A_REQUEST, *OF_AN_OFFER, *OF_A_CYCLE, *OF_AN_APPRAISAL, *SINGLE}
    return {name for name in there if name.split(":")[1] not in opened | ONLY_POSTED | ELSEWHERE}


def _known(story: Story) -> Iterator[tuple[str, str, Sequence[object]]]:
    visit, request = story.placement, story.placement.request
    day = story.shadows.cycle.starts_on.isoformat()
    yield from ((APP_OF[name], name, []) for name in LISTS)
    yield from ((APP_OF[name], name, [visit.pk]) for name in OF_A_VISIT)
    for asked in (request, story.declined):
        yield from ((APP_OF[name], name, [asked.pk]) for name in OF_A_REQUEST)
    yield from ((APP_OF[name], name, [request.offer_id]) for name in OF_AN_OFFER)
    yield "shadowing", "session-attendance", [request.session_id]
    yield from (
        ("coordination", "desk-item", [pk]) for pk in WaitingItem.objects.values_list("pk", flat=True)
    )
    yield from ((APP_OF[name], name, [day]) for name in OF_A_CYCLE)
    yield "coordination", "cycle-person", [day, story.shadows.pk]
    yield from (
        ("coordination", "cycle-file", [pk]) for pk in CycleExport.objects.values_list("pk", flat=True)
    )
    yield "appraisals", "list", []
    for appraisal in (story.shadows, story.hosts):
        yield from (("appraisals", name, [appraisal.pk]) for name in OF_AN_APPRAISAL)


def _text_of(response: Any) -> str:
    """What a page, a file or a calendar says."""
    kind = response.headers.get("Content-Type", "")
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if "pdf" in kind:
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)
    text = body.decode(errors="replace")
    return unescape(text.replace("\r\n ", "")) if "html" in kind else text.replace("\r\n ", "")


def found_on_pages(story: Story) -> dict[str, Found]:
    """Which words each reader finds on pages, in files and in calendars, their feed included."""
    found: dict[str, Found] = {kind: defaultdict(set) for kind in ("pages", "files", "calendars")}
    for reader, person in story.readers.items():
        feed = [reverse("shadowing:calendar-feed", args=[person.calendar_token])] if person else []
        for address in [*addresses(story), *feed]:
            response = story.client(reader).get(address)
            for each in MARK.findall(_text_of(response)):
                found[_kind(response)][each].add(reader)
    return found


def found_in_the_administration(story: Story) -> set[str]:
    """Which words the administrator finds there: on every list, and on the page of every record."""
    client, found = story.client("admin"), set[str]()
    for model in admin.site._registry:
        table = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pages = [reverse(f"{table}_changelist")]
        pages += [
            reverse(f"{table}_change", args=[pk])
            for pk in model._default_manager.values_list("pk", flat=True)[:MOST]
        ]
        for page in pages:
            found |= set(MARK.findall(_text_of(client.get(page))))
    return found


def _kind(response: Any) -> str:
    kind = response.headers.get("Content-Type", "")
    if "calendar" in kind:
        return "calendars"
    return "pages" if "html" in kind else "files"


def found_in_mails(story: Story) -> Found:
    """Which words the mails to each reader hold, their calendar files included."""
    found: Found = defaultdict(set)
    names = {person.pk: name for name, person in story.readers.items() if person}
    for mail in Message.objects.all():
        for each in MARK.findall(f"{mail.subject}{mail.text}{mail.html}{mail.calendar}".replace("\r\n ", "")):
            found[each].add(names[mail.recipient_id or 0])
    return found
