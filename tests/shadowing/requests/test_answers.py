"""Who was asked, why they, and what they answered, in plain words and only to those who may read it."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from accounts.days import day
from accounts.enums import How
from accounts.models import Person
from shadowing.enums import DecisionRole, HostReason, ManagerReason, Outcome
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
    decision = Decision(
        **{
            "request": cast.draft(),
            "role": DecisionRole.LINE_MANAGER,
            "asked": cast.manager,
            "why_asked": "You are the line manager of Sam Shadow.",
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


def test_what_is_no_longer_needed_says_so(cast: Cast) -> None:
    answer = told(cast, outcome=Outcome.NOT_NEEDED, answered_at=timezone.now())
    assert answer.status == f"Asked on {today()}; an answer is no longer needed."
    assert not answer.pending


@pytest.mark.parametrize(
    ("how", "ending"),
    [(How.EMAIL_LINK, ", from the email."), (How.ADMIN, ", in the administration."), (How.PAGE, "{today}.")],
)
def test_way_of_answering_is_told(cast: Cast, how: How, ending: str) -> None:
    assert told(cast, **answered(cast, Outcome.AGREED, how=how)).status.endswith(ending.format(today=today()))


def test_deputy_is_named_with_whom_they_answered_for(cast: Cast) -> None:
    answer = told(cast, **answered(cast, Outcome.AGREED, answered_by=cast.deputy))
    assert answer.status == f"Agreed by Dev Deputy on behalf of Mary Manager on {today()}."


@pytest.mark.parametrize(
    ("sentence", "of_others"),
    [
        ("You are the line manager of Sam.", "They are the line manager of Sam."),
        ("You host this visit.", "They host this visit."),
        (f"Sam {NO_MANAGER}; you head Library.", f"Sam {NO_MANAGER}; they head Library."),
        (f"Sam {NO_HEAD}; you run the scheme.", f"Sam {NO_HEAD}; they run the scheme."),
    ],
)
def test_why_they_is_said_to_them_and_about_them(cast: Cast, sentence: str, of_others: str) -> None:
    assert told(cast, cast.manager, why_asked=sentence).why == sentence
    assert told_again(cast, sentence) == of_others


def test_who_was_named_instead_was_asked_and_is_them_to_others(cast: Cast) -> None:
    sentence = "Aoife Brennan asks you to decide instead of Oliver Ndlovu."
    assert told_again(cast, sentence) == "Aoife Brennan asked them to decide instead of Oliver Ndlovu."
    own = "Aoife Brennan asked you to decide instead of Oliver Ndlovu."
    assert told(cast, cast.manager, why_asked=sentence).why == own


@pytest.mark.parametrize(
    ("sentence", "to_them", "of_them"),
    [
        ("You are the line manager of Sam.", "You were the line manager of Sam.", "They were the line"),
        ("You host this visit.", "You were to host this visit.", "They were to host this visit."),
        (f"Sam {NO_MANAGER}; you head Library.", "own; you headed Library.", "Sam had no active"),
        (f"Sam {NO_HEAD}; you run the scheme.", "department; you ran the scheme.", "; they ran the scheme."),
        ("Di asks you to decide instead of Ed.", "Di asked you to decide", "Di asked them to decide"),
    ],
)
def test_why_is_past_where_an_answer_is_no_longer_needed(
    cast: Cast, sentence: str, to_them: str, of_them: str
) -> None:
    given: dict[str, Any] = {
        "outcome": Outcome.NOT_NEEDED,
        "answered_at": timezone.now(),
        "why_asked": sentence,
    }
    assert to_them in told(cast, cast.manager, **given).why
    decision = Decision(role=DecisionRole.HOST, asked=cast.manager, **given)
    assert of_them in answers([decision], cast.shadow, managers_words=True)[0].why


def told_again(cast: Cast, sentence: str) -> str:
    """The same sentence as the shadow reads it."""
    decision = Decision(role=DecisionRole.HOST, asked=cast.manager, why_asked=sentence)
    return answers([decision], cast.shadow, managers_words=True)[0].why


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
