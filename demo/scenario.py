"""The demo's requests: at least one of every kind, more of the common ones."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import transaction

from accounts.models import Person
from accounts.workflow import TransitionError
from demo import named_people
from demo.offers import SHOWCASE, SHOWCASE_DATED, SHOWCASE_WINDOW
from demo.organisation import Organisation
from demo.request_story import Step, Storyteller
from shadowing.enums import HostManagerPart, OfferStatus
from shadowing.models import Offer, Request, Session

SUBMIT = Step("submit", "shadow")
APPROVE = Step("approve", "manager")
AGREE = Step("agree", "host")
PROPOSE = Step("propose_dates", "host")

STORIES: dict[str, tuple[Step, ...]] = {
    "draft": (),
    "with the manager": (SUBMIT,),
    "sent back": (SUBMIT, Step("send_back", "manager")),
    "sent back, then sent again": (SUBMIT, Step("send_back", "manager"), SUBMIT),
    "declined by the manager": (SUBMIT, Step("decline", "manager")),
    "withdrawn": (SUBMIT, Step("withdraw", "shadow")),
    "lapsed": (SUBMIT, Step("lapse", "schedule")),
    "with the host": (SUBMIT, APPROVE),
    "declined by the host": (SUBMIT, APPROVE, Step("decline_hosting", "host")),
    "other dates": (SUBMIT, APPROVE, PROPOSE),
    "with the host again": (SUBMIT, APPROVE, PROPOSE, Step("reject_dates", "shadow")),
    "agreed on other dates": (SUBMIT, APPROVE, PROPOSE, Step("confirm_dates", "shadow")),
    "agreed": (SUBMIT, APPROVE, AGREE),
    "agreed by a deputy": (SUBMIT, Step("approve", "deputy"), AGREE),
    "cancelled": (SUBMIT, APPROVE, AGREE, Step("cancel", "cancelling")),
    "with the host's manager": (SUBMIT, APPROVE, AGREE),
    "agreed with the host's manager": (SUBMIT, APPROVE, AGREE, Step("agree_hosting", "host_manager")),
}
CAREFUL = ("with the host's manager", "agreed with the host's manager")
BY_ARRANGEMENT = ("other dates", "with the host again", "agreed on other dates")
# Story, number of requests, longest wait since the last step in working days.
WANTED = (
    ("draft", 5, 0),
    ("with the manager", 9, 8),
    ("sent back", 3, 5),
    ("sent back, then sent again", 1, 2),
    ("declined by the manager", 3, 15),
    ("withdrawn", 3, 10),
    ("lapsed", 2, 4),
    ("with the host", 8, 6),
    ("declined by the host", 3, 9),
    ("other dates", 4, 4),
    ("with the host again", 1, 2),
    ("agreed on other dates", 3, 6),
    ("agreed", 18, 12),
    ("cancelled", 3, 6),
    ("with the host's manager", 3, 4),
    ("agreed with the host's manager", 3, 5),
)
MOST_STORIES = 2
TRIES = 60


@dataclass
class Scenario:
    """Finds people and offers for each story, so that every rule of the scheme is kept."""

    organisation: Organisation
    offers: dict[str, Offer]
    teller: Storyteller
    busy: Counter[int] = field(default_factory=Counter)
    requests: list[Request] = field(default_factory=list)
    sessions: dict[bool, list[Session]] = field(default_factory=dict)

    @property
    def rng(self) -> random.Random:
        """The random generator, shared with the storyteller."""
        return self.teller.rng

    def play(self) -> list[Request]:
        """Run all stories; return the requests."""
        self._with_the_named_people()
        self._waiting_list()
        self._by_a_deputy()
        for story, count, longest_wait in WANTED:
            for _ in range(count):
                self._somewhere(story, wait=self.rng.randint(0, longest_wait))
        return self.requests

    def run(self, story: str, shadow: Person, session: Session, wait: int = 0) -> Request | None:
        """Run one story; return None, with nothing stored, if a rule of the scheme forbids it."""
        if Request.objects.live().filter(offer=session.offer, shadow=shadow).exists():
            return None
        try:
            with transaction.atomic():
                request = self.teller.run(STORIES[story], shadow, session, wait=wait)
        except TransitionError:
            return None
        self.busy[shadow.pk] += 1
        self.requests.append(request)
        return request

    def from_team(self, story: str, team: str, wait: int) -> Request | None:
        """Run one story for a member of ``team``; return None where nobody fits."""
        people = [p for p in self.organisation.people_of(team) if self.busy[p.pk] < MOST_STORIES]
        for _ in range(TRIES if people else 0):
            person, session = self.rng.choice(people), self.rng.choice(self._open_sessions())
            request = None if self._at_home(person, session) else self.run(story, person, session, wait)
            if request is not None:
                return request
        return None

    def _with_the_named_people(self) -> None:
        """Requests of the named people: a visit for shadow@, and decisions in the inboxes of the others."""
        shadow = self.organisation.named(named_people.SHADOW)
        lounge = self._sessions("Drop-in afternoon in the welcome lounge")
        self.run("agreed", shadow, lounge[2], 3)
        self.run("withdrawn", shadow, self._sessions("Reading an application twice")[0], 12)
        reports = self.organisation.people_of("LIB-1")
        self.run("with the manager", reports[0], self._sessions("A joiner's morning")[0], 4)
        self.run("with the manager", reports[1], self._sessions("A viva day")[1], 1)
        self.run("with the host", reports[2], self._sessions(SHOWCASE_DATED)[2], 2)
        visitor = self.organisation.people_of("SRMA-4")[0]
        self.run("agreed", visitor, self._sessions(SHOWCASE_DATED)[1], 5)
        self.run(
            "with the host", self.organisation.people_of("ACREG-1")[0], self._sessions(SHOWCASE_WINDOW)[0], 1
        )
        for team, title in (
            ("LIB-2", "A fire-drill walk from the inside"),
            ("ITS-1", "A night with Security"),
        ):
            person = self.organisation.people_of(team)[1]
            self.run("with the manager", person, self._sessions(title)[1], 2)

    def _waiting_list(self) -> None:
        """Fill sessions with one place, with further requests for them on the waiting list."""
        small = [session for session in self._open_sessions() if session.places == 1 and not session.taken]
        for session in small[:2]:
            if self._with_somebody("agreed", session, 6):
                self._with_somebody("with the host", session, 2)
        if small and self._with_somebody("with the host", small[0], 1):
            return

    def _by_a_deputy(self) -> None:
        """A request that the deputy of a team leader approves."""
        for person in self.organisation.people_of("HSE-1"):
            session = self.rng.choice(self._sessions("Evening calls with the ambassadors"))
            if self.run("agreed by a deputy", person, session, 3):
                return

    def _somewhere(self, story: str, wait: int) -> None:
        """Find an offer and a person for ``story``, and run it."""
        sessions = self._open_sessions(careful=story in CAREFUL)
        if story in BY_ARRANGEMENT:
            sessions = [session for session in sessions if session.by_arrangement]
        for _ in range(TRIES):
            session = self.rng.choice(sessions)
            session.refresh_from_db(fields=["taken"])
            if session.free and self._with_somebody(story, session, wait, tries=1):
                return

    def _with_somebody(self, story: str, session: Session, wait: int, tries: int = 20) -> bool:
        people = [person for person in self._free_people() if not self._at_home(person, session)]
        return any(self.run(story, self.rng.choice(people), session, wait) for _ in range(tries))

    def _free_people(self) -> Iterator[Person]:
        for team in self.organisation.members:
            for person in self.organisation.people_of(team):
                if self.busy[person.pk] < MOST_STORIES:
                    yield person

    def _at_home(self, person: Person, session: Session) -> bool:
        return bool(person.membership.department.parent_id == session.offer.department.parent_id)

    def _sessions(self, title: str) -> list[Session]:
        """Return the future sessions of one offer, earliest first."""
        sessions = self.offers[title].sessions.to_come().order_by("starts_at")
        return list(sessions.select_related("offer__department__parent"))

    def _open_sessions(self, careful: bool = False) -> list[Session]:
        """Return future sessions of open offers, except the two showcase offers."""
        if careful not in self.sessions:
            sessions = Session.objects.to_come().filter(offer__status=OfferStatus.OPEN)
            must = {"offer__scheme__host_manager_part": HostManagerPart.MUST_AGREE}
            sessions = sessions.filter(**must) if careful else sessions.exclude(**must)
            sessions = sessions.exclude(offer__title__in=SHOWCASE).order_by("starts_at", "offer__title")
            found = sessions.select_related("offer__department__parent", "offer__scheme", "offer__host")
            self.sessions[careful] = list(found)
        return self.sessions[careful]
