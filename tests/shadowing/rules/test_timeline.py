"""The timeline: every action of the transition tables has a sentence without technical words."""

from __future__ import annotations

import re

import pytest

from accounts.enums import How
from accounts.models import HistoryEntry
from accounts.workflow import perform
from shadowing.enums import RequestStatus
from shadowing.models import Request
from shadowing.placements.workflow.placements import PLACEMENTS
from shadowing.requests.workflow.requests import REQUESTS
from shadowing.rules.timeline import BY_ACTION, BY_TRANSITION, SHOWN_ELSEWHERE, timeline_of
from tests.cast import Cast
from tests.factories import at

S = RequestStatus
MACHINE = re.compile(r"[a-z]+_[a-z]+|\d{4}-\d{2}|[{}]")


@pytest.mark.parametrize("action", [*REQUESTS.transitions, *PLACEMENTS.transitions])
def test_every_action_has_a_sentence(action: str) -> None:
    assert action in BY_ACTION or action in ("agree", "propose_dates", *SHOWN_ELSEWHERE)


@pytest.mark.parametrize("action", ["agree", "propose_dates"])
@pytest.mark.parametrize("state", [S.AGREED, S.WITH_HOST_MANAGER, S.DATES_PROPOSED, S.WITH_MANAGER])
def test_proposed_dates_have_a_sentence_for_each_outcome(cast: Cast, action: str, state: str) -> None:
    if (action, state) in {("propose_dates", S.AGREED), ("propose_dates", S.WITH_HOST_MANAGER)}:
        pytest.skip("dates that are only suggested agree nothing")
    request = cast.draft()
    entered(request, action=action, from_state=S.WITH_HOST, to_state=state, actor=cast.host)
    (moment,) = timeline_of(request)
    assert moment.sentence.startswith("Hana Host ")
    assert "changed something" not in moment.sentence


def entered(request: Request, **given: object) -> HistoryEntry:
    """Create a history entry of ``request``, as the workflow would."""
    fields = {"subject_type": request._meta.label_lower, "subject_id": request.pk, "how": How.PAGE, **given}
    return HistoryEntry.objects.create(**fields)


def test_timeline_is_in_order_without_technical_words(cast: Cast) -> None:
    request = perform(cast.submitted(), "send_back", actor=cast.manager, words="Why?")
    request = perform(request, "submit", actor=cast.shadow)
    request = perform(request, "approve", actor=cast.deputy)
    request = perform(request, "agree", actor=cast.host)
    perform(request.placement, "cancel", actor=cast.shadow, reason="illness")
    told = [moment.sentence for moment in timeline_of(request)]
    assert told == [
        "Sam Shadow asked for the place.",
        "Mary Manager sent it back with a question.",
        "Sam Shadow changed the request and sent it again.",
        "Dev Deputy agreed on behalf of Mary Manager.",
        "Hana Host agreed the dates. The visit is arranged.",
        "The visit was called off, so the request ended.",
    ]
    assert not any(MACHINE.search(sentence) for sentence in told)
    assert [moment.sentence for moment in timeline_of(request.placement)] == [
        "Sam Shadow cancelled the visit."
    ]


@pytest.mark.parametrize(("how", "way"), [(How.EMAIL_LINK, "from the email"), (How.ADMIN, "administration")])
def test_timeline_names_email_and_administration(cast: Cast, how: How, way: str) -> None:
    request = cast.draft()
    entered(request, action="approve", to_state=S.WITH_HOST, actor=cast.manager, how=how)
    assert way in timeline_of(request)[0].sentence


@pytest.mark.parametrize(
    ("action", "to_state", "sentence"),
    [
        ("decline", S.DECLINED, "Dev Deputy declined on behalf of Mary Manager, from the email."),
        (
            "approve",
            S.WAITING_LIST,
            "Dev Deputy agreed on behalf of Mary Manager, from the email. All places were taken",
        ),
        (
            "propose_dates",
            S.WITH_MANAGER,
            "Dev Deputy suggested dates beyond what was agreed on behalf of Mary Manager, from the email,",
        ),
    ],
)
def test_on_behalf_and_way_follow_the_action(cast: Cast, action: str, to_state: str, sentence: str) -> None:
    request = cast.draft()
    given = {"action": action, "from_state": S.WITH_MANAGER, "to_state": to_state, "how": How.EMAIL_LINK}
    entered(request, actor=cast.deputy, on_behalf_of=cast.manager, **given)
    assert timeline_of(request)[0].sentence.startswith(sentence)


@pytest.mark.parametrize("action", ["approve", "send_back", "decline", "decline_hosting", "agree"])
def test_words_of_an_answer_are_not_quoted(cast: Cast, action: str) -> None:
    request = cast.draft()
    entered(request, action=action, to_state=S.DECLINED, actor=cast.manager, reason="Between us")
    assert timeline_of(request)[0].reason == ""


@pytest.mark.parametrize("action", ["withdraw", "reject_dates"])
def test_words_of_the_shadow_are_quoted(cast: Cast, action: str) -> None:
    request = cast.draft()
    entered(request, action=action, to_state=S.WITHDRAWN, actor=cast.shadow, reason="On a Thursday")
    assert timeline_of(request)[0].reason == "On a Thursday"


def test_special_sentences_name_existing_transitions() -> None:
    states = set(S.values)
    for action, source, target in BY_TRANSITION:
        assert action in REQUESTS.transitions
        assert source in REQUESTS.transitions[action].sources
        assert target in states


def test_approval_onto_the_waiting_list_has_its_sentence(cast: Cast) -> None:
    request = cast.approved()
    other = cast.window()
    first = at(20).date()
    perform(request, "agree", actor=cast.host)
    waiting = Request.objects.get(pk=cast.submitted(session=other, window_starts=first, window_ends=first).pk)
    entered(waiting, action="approve", from_state=S.WITH_MANAGER, to_state=S.WAITING_LIST, actor=cast.manager)
    assert "went on the waiting list" in timeline_of(waiting)[-1].sentence
