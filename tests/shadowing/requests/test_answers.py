"""Who was asked, why they, and what they answered, in plain words and only to those who may read it."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from accounts.days import day
from accounts.enums import How
from accounts.models import Person
from shadowing.enums import Capacity, DecisionRole, HostReason, ManagerReason, Outcome
from shadowing.models import Decision
from shadowing.requests.pages.decision_answers import Answer, answers
from tests.cast import Cast

NO_MANAGER = "has no active line manager of their own"
NO_HEAD = "has no active line manager or head of department"


def today() -> str:
    """Today as pages say it, read when the test runs: the suite may run across midnight."""
    return day(timezone.now())


def told(cast: Cast, viewer: Person | None = None, *, managers_words: bool = True, **given: Any) -> Answer:
    """One decision as the page tells it."""
    request = given.pop("request", None) or cast.draft()
    decision = Decision(
        **{
            "request": request,
            "role": DecisionRole.LINE_MANAGER,
            "asked": cast.manager,
            "asked_as": Capacity.LINE_MANAGER,
            "why_asked": "As first sent.",
            **given,
        }
    )
    return answers([decision], viewer or cast.shadow, managers_words=managers_words)[0]


def answered(cast: Cast, outcome: Outcome, **given: Any) -> dict[str, Any]:
    """The fields of an answer the manager gave today."""
    return {
        "outcome": outcome,
        "answered_by": cast.manager,
        "answered_at": timezone.now(),
        "how": How.PAGE,
        **given,
    }


def test_pending_says_since_when(cast: Cast) -> None:
    answer = told(cast)
    assert (answer.role, answer.status) == ("Line manager", f"Asked on {today()}, not answered yet.")
    assert answer.pending


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome.AGREED, "Agreed on"),
        (Outcome.DECLINED, "Declined on"),
        (Outcome.SENT_BACK, "Sent back with a question on"),
        (Outcome.OTHER_DATES, "Suggested other dates on"),
        (Outcome.WAITING_LIST, "Put on the waiting list on"),
    ],
)
def test_every_outcome_has_its_words(cast: Cast, outcome: Outcome, words: str) -> None:
    assert told(cast, **answered(cast, outcome)).status == f"{words} {today()}."


def test_unneeded_decision_shows_status(cast: Cast) -> None:
    answer = told(cast, outcome=Outcome.NOT_NEEDED, answered_at=timezone.now())
    assert answer.status == f"Asked on {today()}; an answer is no longer needed."
    assert not answer.pending


@pytest.mark.parametrize(
    ("how", "ending"),
    [(How.EMAIL_LINK, ", from the email."), (How.ADMIN, ", in the administration."), (How.PAGE, "{today}.")],
)
def test_answer_shows_way_of_answering(cast: Cast, how: How, ending: str) -> None:
    assert told(cast, **answered(cast, Outcome.AGREED, how=how)).status.endswith(ending.format(today=today()))


def test_deputy_is_named_with_whom_they_answered_for(cast: Cast) -> None:
    answer = told(cast, **answered(cast, Outcome.AGREED, answered_by=cast.deputy))
    assert answer.status == f"Agreed by Dev Deputy on behalf of Mary Manager on {today()}."


def test_reason_is_in_the_third_person_for_others(cast: Cast) -> None:
    request = cast.draft()
    assert told(cast, cast.manager, request=request).why == "You are the line manager of Sam Shadow."
    assert told(cast, cast.shadow, request=request).why == "They are the line manager of Sam Shadow."


def test_reason_is_in_the_past_once_no_answer_is_needed(cast: Cast) -> None:
    given: dict[str, Any] = {
        "request": cast.draft(),
        "outcome": Outcome.NOT_NEEDED,
        "answered_at": timezone.now(),
    }
    assert told(cast, cast.manager, **given).why == "You were the line manager of Sam Shadow."
    assert told(cast, cast.shadow, **given).why == "They were the line manager of Sam Shadow."


def test_named_person_was_asked_by_the_coordinator(cast: Cast) -> None:
    given: dict[str, Any] = {
        "request": cast.draft(),
        "asked_as": Capacity.NAMED,
        "asked_about": cast.deputy,
        "named_by": cast.coordinator,
    }
    by = cast.coordinator.full_name
    to_them = f"{by} asked you to decide instead of {cast.deputy.full_name}."
    assert told(cast, cast.manager, **given).why == to_them
    assert told(cast, cast.shadow, **given).why == to_them.replace("asked you", "asked them")


@pytest.mark.parametrize("outcome", [Outcome.DECLINED, Outcome.SENT_BACK])
@pytest.mark.parametrize("may_read", [True, False])
def test_managers_no_is_explained_to_those_who_may_read_it(
    cast: Cast, outcome: Outcome, may_read: bool
) -> None:
    given = answered(cast, outcome, reason=ManagerReason.COVER, words="Between us")
    answer = told(cast, managers_words=may_read, **given)
    assert answer.words == ("Between us" if may_read else "")
    assert answer.reason == (ManagerReason.COVER.label if may_read else "")


def test_managers_yes_may_be_read_by_all(cast: Cast) -> None:
    answer = told(cast, managers_words=False, **answered(cast, Outcome.AGREED, words="Enjoy it"))
    assert answer.words == "Enjoy it"


@pytest.mark.parametrize("role", [DecisionRole.HOST, DecisionRole.HOST_MANAGER])
def test_hosts_reason_may_be_read_by_all(cast: Cast, role: DecisionRole) -> None:
    given = answered(cast, Outcome.DECLINED, reason=HostReason.SPACE, words="No chair")
    answer = told(cast, managers_words=False, role=role, **given)
    assert (answer.reason, answer.words) == (HostReason.SPACE.label, "No chair")
