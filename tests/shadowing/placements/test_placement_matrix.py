"""Every action on a visit in every state, and by every person: what is not in the table is refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.enums import How
from accounts.models import HistoryEntry
from accounts.workflow import TransitionError, perform
from messaging.models import Message
from shadowing.enums import Later, PlacementStatus, Side
from shadowing.models import ChecklistItem, Placement
from shadowing.placements.workflow.placements import PLACEMENTS, TOO_LATE
from shadowing.reflections.workflow.answers import Mark
from tests.cast import Cast
from tests.shadowing.visits import OUTSIDE, hours, several_dates, suggested

S = PlacementStatus

# Expected, written out by hand: which actions are possible from which state.
BEFORE = {
    "cancel",
    "rearrange",
    "comment",
    "accept_agreement",
    "tick",
    "untick",
    "propose_move",
    "accept_move",
    "refuse_move",
    "take_back_move",
    "allow_move",
    "disallow_move",
    "change_host",
    "join",
    "leave",
    "name_host",
    "let_read",
    "keep_from",
    "no_answer",
    "finish",
    "happened",
    "did_not_happen",
}
AFTER = {
    "tick",
    "untick",
    "let_read",
    "keep_from",
    "keep_reflection",
    "send_reflection",
    "change_reflection",
    "share_answers",
    "say_thanks",
    "answer_later",
}
POSSIBLE = {
    S.AGREED: BEFORE | {"start"},
    S.TAKING_PLACE: BEFORE,
    S.TO_REFLECT: AFTER | {"no_answer", "happened", "did_not_happen", "complete"},
    S.COMPLETE: AFTER,
    S.CANCELLED: {"forgive"},
    S.NO_SHOW: {"forgive"},
}
# Expected, written out by hand: who may do what, whatever the state, while the line manager is asked
# about other dates that the visitor has suggested.
SIDES, COORDINATORS, MANAGERS = {"shadow", "host"}, {"coordinator", "dept_coordinator"}, {"manager", "deputy"}
MAY = {
    "cancel": SIDES | COORDINATORS,
    "rearrange": {"host"},
    "comment": SIDES,
    "accept_agreement": SIDES,
    "tick": SIDES | MANAGERS,
    "untick": SIDES | MANAGERS,
    "propose_move": SIDES,
    "accept_move": {"host"},
    "refuse_move": {"host"},
    "take_back_move": {"shadow"},
    "allow_move": MANAGERS,
    "disallow_move": MANAGERS,
    "change_host": set(),
    "join": {"host", "coordinator"},
    "leave": {"host", "coordinator"},
    "name_host": {"host", "coordinator"},
    "let_read": {"shadow"},
    "keep_from": {"shadow"},
    "no_answer": set(),
    "start": set(),
    "finish": set(),
    "happened": SIDES,
    "did_not_happen": SIDES | COORDINATORS,
    "forgive": COORDINATORS,
    "keep_reflection": SIDES,
    "send_reflection": SIDES,
    "change_reflection": SIDES,
    "share_answers": SIDES,
    "complete": set(),
    "say_thanks": {"shadow"},
    "answer_later": {"shadow"},
}


@pytest.fixture
def asked(cast: Cast) -> Placement:
    """Return a coming visit whose other dates wait for the line manager."""
    return perform(suggested(cast, several_dates(cast, 14), OUTSIDE), "accept_move", actor=cast.host)


def in_state(placement: Placement, state: PlacementStatus, cast: Cast) -> Placement:
    values = {"status": state, "cancelled_by": cast.shadow if state == S.CANCELLED else None}
    Placement.objects.filter(pk=placement.pk).update(**values, took_place=False)
    return Placement.objects.get(pk=placement.pk)


def inputs(cast: Cast, placement: Placement) -> dict[str, Any]:
    """Something of everything that a step reads."""
    item, _ = ChecklistItem.objects.get_or_create(
        scheme=cast.scheme, side=Side.MANAGER, text="Ask what they saw."
    )
    return {
        "reason": "illness",
        "words": "The trains do not run.",
        "visits": [hours(16)],
        "person": cast.stranger,
        "part": placement.participations.hosting().get().pk,
        "item": item,  # that of the first who may tick
        "answers": {},
        "shared": {},
        "follow_up": None,
        "answer": Later.ADOPTED,
        "said": "We sort calls.",
        "mark": Mark(),
        "thanks": "Thank you for the morning.",
        "place": "Desk 4",
    }


def step(cast: Cast, placement: Placement, action: str) -> None:
    """Take a step as somebody who may, or as the schedule where it is the schedule's."""
    actor = next((getattr(cast, name) for name in sorted(MAY[action])), None)
    how = How.PAGE if actor else How.SYSTEM
    perform(placement, action, actor=actor, how=how, **inputs(cast, placement))


def sentence_against(cast: Cast, placement: Placement, action: str) -> str:
    """Why the step is refused, or nothing."""
    try:
        step(cast, placement, action)
    except TransitionError as refusal:
        return refusal.sentence
    return ""


def test_tables_name_the_same_actions_and_states() -> None:
    assert set(MAY) == set(PLACEMENTS.transitions)
    assert set(POSSIBLE) == set(PlacementStatus)


@pytest.mark.parametrize("state", list(PlacementStatus))
def test_action_from_a_wrong_state_is_refused_by_the_table_and_writes_nothing(
    cast: Cast, asked: Placement, state: PlacementStatus
) -> None:
    placement = in_state(asked, state, cast)
    history, mails = HistoryEntry.objects.count(), Message.objects.count()
    for action in set(MAY) - POSSIBLE[state]:
        with pytest.raises(TransitionError) as refusal:
            step(cast, placement, action)
        assert refusal.value.sentence == TOO_LATE[state], action  # not that of an effect or a constraint
    assert Placement.objects.get(pk=placement.pk).status == state
    assert (HistoryEntry.objects.count(), Message.objects.count()) == (history, mails)


@pytest.mark.parametrize(
    ("state", "action"),
    [(state, action) for state, actions in POSSIBLE.items() for action in sorted(actions)],
)
def test_action_from_its_own_state_is_not_refused_by_the_table(
    cast: Cast, asked: Placement, state: PlacementStatus, action: str
) -> None:
    placement = in_state(asked, state, cast)
    assert sentence_against(cast, placement, action) != TOO_LATE[state]  # an effect may find something else


@pytest.mark.parametrize("action", sorted(MAY))
def test_action_by_the_wrong_person_is_refused_in_its_own_state(
    cast: Cast, asked: Placement, action: str
) -> None:
    state = next(state for state in PlacementStatus if action in POSSIBLE[state])
    placement = in_state(asked, state, cast)
    given = inputs(cast, placement)
    for name, person in cast.people().items():
        if name not in MAY[action]:
            with pytest.raises(PermissionDenied):
                perform(placement, action, actor=person, **given)
    assert Placement.objects.get(pk=placement.pk).status == state


@pytest.mark.parametrize(
    ("action", "part"), [(action, part) for action in sorted(MAY) for part in sorted(MAY[action])]
)
def test_right_person_comes_as_far_as_the_table(cast: Cast, asked: Placement, action: str, part: str) -> None:
    """In a state from which the step is impossible, so that only the table refuses."""
    state = next(state for state in PlacementStatus if action not in POSSIBLE[state])
    placement = in_state(asked, state, cast)
    with pytest.raises(TransitionError) as refusal:
        perform(placement, action, actor=getattr(cast, part), **inputs(cast, placement))
    assert refusal.value.sentence == TOO_LATE[state]


@pytest.mark.parametrize("action", sorted(action for action, people in MAY.items() if people))
def test_schedule_does_not_do_what_people_do(cast: Cast, asked: Placement, action: str) -> None:
    state = next(state for state in PlacementStatus if action in POSSIBLE[state])
    placement = in_state(asked, state, cast)
    with pytest.raises(PermissionDenied):
        perform(placement, action, actor=None, how=How.SYSTEM, **inputs(cast, placement))


@pytest.mark.parametrize("action", sorted(action for action, people in MAY.items() if people))
def test_person_who_has_left_does_nothing(cast: Cast, asked: Placement, action: str) -> None:
    state = next(state for state in PlacementStatus if action in POSSIBLE[state])
    placement = in_state(asked, state, cast)
    person = getattr(cast, next(iter(sorted(MAY[action]))))
    person.is_active, person.left_at = False, timezone.now()
    person.save()
    with pytest.raises(PermissionDenied):
        perform(placement, action, actor=person, **inputs(cast, placement))
