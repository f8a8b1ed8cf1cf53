"""The permission matrix of appraisals: every action, by every role, in every state."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.enums import How
from accounts.models import Person
from accounts.workflow import TransitionError, available_actions, perform
from appraisals.enums import AppraisalStatus
from appraisals.models import Appraisal
from appraisals.policies import can_run_cycles
from appraisals.workflow.appraisals import APPRAISALS, too_late
from tests.appraisals.staged import (
    fresh,
    history,
    opened,
    released,
    signed_off,
    talk,
    today,
    visited,
)
from tests.cast import Cast
from tests.factories import ObjectiveFactory

S = AppraisalStatus
PERSON, LEADERS = {"shadow"}, {"manager", "deputy"}
BOTH, RUNNERS = PERSON | LEADERS, {"coordinator"}
# action: who may, and in which states.
MAY: dict[str, tuple[set[str], set[str]]] = {
    "record_talk": (BOTH, {S.OPEN}),
    "add_objective": (PERSON, {S.OPEN}),
    "change_objective": (PERSON, {S.OPEN}),
    "drop_objective": (PERSON, {S.OPEN}),
    "agree_objectives": (LEADERS, {S.OPEN}),
    "acknowledge": (LEADERS, {S.OPEN}),
    "sign_as_person": (PERSON, {S.OPEN}),
    "sign_as_appraiser": (LEADERS, {S.OPEN}),
    "take_back_signature": (BOTH, {S.OPEN}),
    "add_note": (BOTH, {S.SIGNED_OFF}),
    "exempt": (RUNNERS, {S.OPEN}),
    "include": (RUNNERS, {S.EXEMPT}),
    "release_evidence": (PERSON, {S.OPEN, S.SIGNED_OFF, S.EXEMPT}),
    "withdraw_evidence": (PERSON, {S.OPEN, S.EXEMPT}),
    "prompt": (set(), {S.OPEN}),
    "hand_over": (set(), {S.OPEN}),
}
ON_THE_PAGE = {"record_talk", "add_objective", "change_objective", "drop_objective"}


def in_state(cast: Cast, state: str) -> Appraisal:
    """An appraisal in ``state`` that has something of everything."""
    if state == S.SIGNED_OFF:
        return signed_off(cast)
    appraisal = opened(cast)
    ObjectiveFactory.create(appraisal=appraisal)
    released(cast)
    if state == S.EXEMPT:
        return perform(appraisal, "exempt", actor=cast.coordinator, reason="other", words="On a project.")
    return fresh(appraisal)


def inputs(appraisal: Appraisal, action: str) -> dict[str, Any]:
    """What the action needs."""
    activity = appraisal.activities.first()
    given: dict[str, dict[str, Any]] = {
        "record_talk": {"held_on": today(), "outcome": "will_host", "words": ""},
        "add_objective": {"text": "Learn to sort."},
        "change_objective": {"text": "Learn to ask.", "objective": appraisal.objectives.first()},
        "drop_objective": {"objective": appraisal.objectives.first()},
        "acknowledge": {"note": activity.evidence if activity else None, "comment": ""},
        "add_note": {"words": "One more thing."},
        "exempt": {"reason": "long_absence"},
        "release_evidence": {
            "source": activity.source if activity else appraisal.pk,
            "part": "visited",
            "parts": [("Q", "A")],
        },
        "withdraw_evidence": {"activity": activity},
    }
    return given.get(action, {})


def ready(cast: Cast, appraisal: Appraisal, action: str) -> Appraisal:
    """What must be there before this action makes sense."""
    if action in ("sign_as_appraiser", "sign_as_person", "take_back_signature"):
        note = appraisal.activities.get().evidence
        perform(appraisal, "acknowledge", actor=cast.manager, note=note)
        talk(appraisal, cast.shadow)
    if action == "take_back_signature":
        perform(appraisal, "sign_as_person", actor=cast.shadow)
    return fresh(appraisal)


def test_the_matrix_names_every_action() -> None:
    assert set(MAY) == set(APPRAISALS.transitions)


@pytest.mark.parametrize("action", MAY)
def test_action_is_for_its_people_alone(cast: Cast, action: str) -> None:
    who, states = MAY[action]
    for name, person in cast.people().items():
        if name not in who:
            appraisal = Appraisal.objects.first() or in_state(cast, next(iter(states)))
            with pytest.raises(PermissionDenied):
                perform(appraisal, action, actor=person, **inputs(appraisal, action))


@pytest.mark.parametrize(
    ("action", "part"), [(action, part) for action, (who, _) in MAY.items() for part in sorted(who)]
)
def test_action_is_done_by_its_people(cast: Cast, action: str, part: str) -> None:
    state = next(iter(sorted(MAY[action][1])))
    appraisal = in_state(cast, state)
    if state == S.OPEN:
        appraisal = ready(cast, appraisal, action)
    actor: Person = getattr(cast, part)
    if action == "take_back_signature" and part != "shadow":
        perform(appraisal, "take_back_signature", actor=cast.shadow)
        perform(appraisal, "sign_as_appraiser", actor=cast.manager)
    done = perform(fresh(appraisal), action, actor=actor, **inputs(appraisal, action))
    entry = history(done)[-1]
    assert (entry.action, entry.actor) == (action, actor)
    assert entry.on_behalf_of == (cast.manager if part == "deputy" else None)


@pytest.mark.parametrize(
    ("action", "state"),
    [(action, state) for action, (_, states) in MAY.items() for state in S.values if state not in states],
)
def test_action_in_another_state_is_refused_in_a_sentence(cast: Cast, action: str, state: str) -> None:
    who, _ = MAY[action]
    appraisal = in_state(cast, state)
    actor = getattr(cast, sorted(who)[0]) if who else None
    how = How.PAGE if who else How.SYSTEM
    entries = len(history(appraisal))
    with pytest.raises(TransitionError) as refusal:
        perform(appraisal, action, actor=actor, how=how, **inputs(appraisal, action))
    sentence = refusal.value.sentence
    assert sentence == too_late(appraisal, action)  # of the table, not of an effect or a constraint
    assert sentence.endswith(".")
    assert not any(word in sentence for word in ("signed_off", "exempt_", "open:"))
    if state == S.SIGNED_OFF:
        assert "signed off on" in sentence
        assert "add a note" in sentence or "Both of you have signed" in sentence
    assert len(history(appraisal)) == entries


def test_schedule_does_only_what_is_its_own(cast: Cast) -> None:
    own = {"exempt", "include", "prompt", "hand_over"}
    by_schedule = {name for name, step in APPRAISALS.transitions.items() if step.by_schedule}
    assert by_schedule == own
    with pytest.raises(PermissionDenied):
        perform(opened(cast), "sign_as_person", actor=None, how=How.SYSTEM)


@pytest.mark.parametrize(
    ("state", "part", "offered"),
    [
        (S.OPEN, "shadow", ON_THE_PAGE | {"sign_as_person"}),
        (S.OPEN, "manager", {"record_talk", "agree_objectives", "acknowledge", "sign_as_appraiser"}),
        (S.OPEN, "deputy", {"record_talk", "agree_objectives", "acknowledge", "sign_as_appraiser"}),
        (S.OPEN, "coordinator", set()),
        (S.OPEN, "stranger", set()),
        (S.SIGNED_OFF, "shadow", {"add_note"}),
        (S.SIGNED_OFF, "manager", {"add_note"}),
        (S.EXEMPT, "shadow", set()),
        (S.EXEMPT, "manager", set()),
    ],
)
def test_page_offers_what_makes_sense_now(cast: Cast, state: str, part: str, offered: set[str]) -> None:
    appraisal = in_state(cast, state)
    assert set(available_actions(appraisal, getattr(cast, part))) == offered


def test_what_is_done_is_not_offered_again(cast: Cast) -> None:
    appraisal = opened(cast)
    visited(cast)
    assert available_actions(appraisal, cast.manager) == ["record_talk", "sign_as_appraiser"]
    talk(appraisal, cast.manager)
    signed = perform(fresh(appraisal), "sign_as_appraiser", actor=cast.manager)
    assert available_actions(signed, cast.manager) == ["record_talk", "take_back_signature"]


def test_cycles_are_run_by_coordinators_and_administrators(cast: Cast) -> None:
    boss = Person.objects.create_superuser("admin@example.ac.uk", first_name="Ada")
    runs = {name for name, person in {**cast.people(), "boss": boss}.items() if can_run_cycles(person)}
    assert runs == {"coordinator", "boss"}
    cast.coordinator.is_active = False
    assert not can_run_cycles(cast.coordinator)


def test_nobody_exempts_themselves(cast: Cast) -> None:
    own = opened(cast, person=cast.coordinator, appraiser=None)
    with pytest.raises(PermissionDenied):
        perform(own, "exempt", actor=cast.coordinator, reason="long_absence")
