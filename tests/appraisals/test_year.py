"""Objectives and the conversation: waiting items, refusals, and what the history may contain."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import How, NextStep
from accounts.models import Person, WaitingItem
from accounts.waiting import plan_of
from accounts.workflow import TransitionError, perform
from appraisals.enums import TalkOutcome
from appraisals.models import Appraisal, Cycle
from tests.appraisals.staged import (
    fresh,
    history,
    mailed,
    opened,
    prompted,
    released,
    talk,
    today,
    visited,
    waits,
)
from tests.cast import Cast, member
from tests.factories import CycleFactory, ObjectiveFactory


def add(cast: Cast, appraisal: Appraisal, text: str = "Learn to sort.") -> Appraisal:
    return perform(appraisal, "add_objective", actor=cast.shadow, text=text)


def item_of(appraisal: Appraisal, owner: Person) -> WaitingItem:
    return WaitingItem.objects.open().about(appraisal).get(owner=owner)


# --- objectives -------------------------------------------------------------------------------------------


def test_objectives_wait_to_be_agreed_by_who_appraises(cast: Cast) -> None:
    appraisal = add(cast, add(cast, opened(cast)), "  Learn to ask.  ")
    assert list(appraisal.objectives.values_list("text", "position")) == [
        ("Learn to sort.", 1),
        ("Learn to ask.", 2),
    ]
    assert waits(appraisal) == {("agree_objectives", cast.manager)}
    item = item_of(appraisal, cast.manager)
    assert (item.deputies_may_act, item.about) == (True, cast.shadow)
    assert [step for _, step in plan_of(item)] == [NextStep.REMIND] * 2
    assert mailed("objectives_added_to_manager") == {cast.manager, cast.deputy}
    perform(appraisal, "agree_objectives", actor=cast.deputy)
    assert set(appraisal.objectives.values_list("agreed_by", flat=True)) == {cast.deputy.pk}
    assert history(appraisal)[-1].on_behalf_of == cast.manager
    assert waits(appraisal) == set()


def test_agreeing_twice_is_refused(cast: Cast) -> None:
    appraisal = add(cast, opened(cast))
    perform(appraisal, "agree_objectives", actor=cast.manager)
    with pytest.raises(TransitionError, match="agreed already"):
        perform(appraisal, "agree_objectives", actor=cast.manager)


def test_changed_objective_is_agreed_again(cast: Cast) -> None:
    appraisal = add(cast, opened(cast))
    perform(appraisal, "agree_objectives", actor=cast.manager)
    objective = appraisal.objectives.get()
    perform(appraisal, "change_objective", actor=cast.shadow, objective=objective, text="Learn to ask.")
    objective.refresh_from_db()
    assert (objective.text, objective.agreed_at, objective.agreed_by) == ("Learn to ask.", None, None)
    assert waits(appraisal) == {("agree_objectives", cast.manager)}


def test_dropped_objective_is_kept_and_waits_no_more(cast: Cast) -> None:
    appraisal = add(cast, opened(cast))
    objective = appraisal.objectives.get()
    perform(appraisal, "drop_objective", actor=cast.shadow, objective=objective)
    objective.refresh_from_db()
    assert objective.dropped_at is not None
    assert waits(appraisal) == set()
    for action in ("drop_objective", "change_objective"):
        with pytest.raises(TransitionError, match="dropped meanwhile"):
            perform(appraisal, action, actor=cast.shadow, objective=objective, text="Again.")


def test_objective_of_another_appraisal_is_not_touched(cast: Cast) -> None:
    other = ObjectiveFactory.create(appraisal=opened(cast, person=cast.host, appraiser=cast.host_manager))
    with pytest.raises(TransitionError, match="dropped meanwhile"):
        perform(opened(cast), "change_objective", actor=cast.shadow, objective=other, text="Mine.")
    other.refresh_from_db()
    assert other.text != "Mine."


@pytest.mark.parametrize(
    ("text", "sentence"), [(" \n", "Write the objective"), ("x" * 301, "301 characters, where 300 fit")]
)
def test_objective_without_words_or_with_too_many_is_refused(cast: Cast, text: str, sentence: str) -> None:
    appraisal = opened(cast)
    with pytest.raises(TransitionError, match=sentence):
        add(cast, appraisal, text)
    assert not appraisal.objectives.exists()


def test_appraisal_without_appraiser_opens_no_waiting_items(cast: Cast) -> None:
    alone = member(cast.estates)
    appraisal = opened(cast, person=alone, appraiser=None)
    perform(appraisal, "add_objective", actor=alone, text="Learn to sort.")
    assert waits(appraisal) == set()
    perform(talk(appraisal, alone), "sign_as_person", actor=alone)
    assert waits(appraisal) == set()


# --- the conversation -------------------------------------------------------------------------------------


def test_conversation_is_asked_of_both_until_the_cycle_ends(cast: Cast) -> None:
    appraisal = prompted(cast)
    assert waits(appraisal) == {("talk", cast.shadow), ("talk", cast.manager)}
    assert item_of(appraisal, cast.shadow).due_on == appraisal.cycle.ends_on
    assert not item_of(appraisal, cast.shadow).deputies_may_act
    assert item_of(appraisal, cast.manager).deputies_may_act
    assert mailed("conversation_prompted_to_person") == {cast.shadow}
    assert mailed("conversation_prompted_to_manager") == {cast.manager, cast.deputy}


def test_conversation_prompted_or_held_is_not_prompted_again(cast: Cast) -> None:
    for one in (prompted(cast), talk(opened(cast, person=cast.host), cast.host)):
        with pytest.raises(TransitionError, match="asked for already, or has been held"):
            perform(one, "prompt", actor=None, how=How.SYSTEM)


def test_own_deputy_gets_no_mail_as_deputy(cast: Cast) -> None:
    """A deputy of their own manager is asked once, as the person appraised."""
    cast.deputy.line_manager = cast.manager
    cast.deputy.save()
    perform(opened(cast, person=cast.deputy), "prompt", actor=None, how=How.SYSTEM)
    assert mailed("conversation_prompted_to_manager") == {cast.manager}
    assert mailed("conversation_prompted_to_person") == {cast.deputy}


@pytest.mark.parametrize("part", ["shadow", "manager", "deputy"])
def test_conversation_is_recorded_by_either_and_waits_no_more(cast: Cast, part: str) -> None:
    done = talk(prompted(cast), getattr(cast, part))
    assert (done.talk_on, done.talk_outcome, done.talk_by) == (
        today(-1),
        TalkOutcome.WILL_SHADOW,
        getattr(cast, part),
    )
    assert waits(done) == set()
    assert [entry.reason for entry in history(done)] == ["", ""]  # what was said is between the two


def test_conversation_recorded_again_replaces_earlier(cast: Cast) -> None:
    appraisal = talk(opened(cast), cast.shadow)
    talk(appraisal, cast.manager, outcome="not_this_year", words="The move of the stacks comes first.")
    now = fresh(appraisal)
    assert (now.talk_outcome, now.talk_by) == (TalkOutcome.NOT_THIS_YEAR, cast.manager)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"held_on": 1}, "still to come"),
        ({"held_on": -101}, "belongs to This year: give a day from"),
        ({"outcome": "perhaps"}, "Choose what you agreed"),
        ({"outcome": ""}, "Choose what you agreed"),
        ({"outcome": "not_this_year", "words": " "}, "say why in a few words"),
        ({"words": "x" * 2001}, "2001 characters, where 2000 fit"),
    ],
)
def test_conversation_that_cannot_have_been_is_refused(
    cast: Cast, given: dict[str, Any], sentence: str
) -> None:
    appraisal = opened(cast)
    if "held_on" in given:
        given = {"held_on": today(given["held_on"])}
    with pytest.raises(TransitionError, match=sentence):
        talk(appraisal, cast.shadow, **given)
    assert fresh(appraisal).talk_on is None


def test_conversation_held_a_little_late_is_recorded(cast: Cast) -> None:
    over = CycleFactory.create(name="Last", starts_on=today(-400), ends_on=today(-60))
    talk(opened(cast, cycle=over), cast.shadow)
    assert Appraisal.objects.get().talk_on is not None


def test_conversation_long_after_the_end_of_its_cycle_is_refused(cast: Cast) -> None:
    over = CycleFactory.create(name="Last", starts_on=today(-400), ends_on=today(-101))
    with pytest.raises(TransitionError, match="belongs to Last"):
        talk(opened(cast, cycle=over), cast.shadow)


def test_conversation_on_the_first_and_on_the_last_day_counts(cast: Cast) -> None:
    cycle = CycleFactory.create(name="Short", starts_on=today(-1), ends_on=today())
    appraisal = opened(cast, cycle=cycle)
    for day in (cycle.starts_on, cycle.ends_on):
        assert talk(appraisal, cast.shadow, held_on=day).talk_on == day


# --- evidence acknowledged --------------------------------------------------------------------------------


def test_evidence_is_acknowledged_once_with_a_comment(cast: Cast) -> None:
    appraisal = opened(cast)
    note = released(cast)
    perform(appraisal, "acknowledge", actor=cast.deputy, note=note, comment="  Well seen. ")
    note.refresh_from_db()
    assert (note.acknowledged_by, note.comment) == (cast.deputy, "Well seen.")
    assert waits(appraisal) == set()
    assert mailed("evidence_acknowledged_to_person") == {cast.shadow}
    with pytest.raises(TransitionError, match="^You acknowledged this on"):
        perform(appraisal, "acknowledge", actor=cast.deputy, note=note, comment="Again.")
    with pytest.raises(TransitionError, match="^Dev Deputy acknowledged this on"):
        perform(appraisal, "acknowledge", actor=cast.manager, note=note, comment="Again.")
    note.refresh_from_db()
    assert note.comment == "Well seen."
    assert not any("Well" in entry.reason for entry in history(appraisal))


def test_withdrawn_or_foreign_evidence_is_not_acknowledged(cast: Cast) -> None:
    appraisal = opened(cast)
    note = released(cast)
    other = opened(cast, person=cast.host, appraiser=cast.host_manager)
    with pytest.raises(TransitionError, match="taken back meanwhile"):
        perform(other, "acknowledge", actor=cast.host_manager, note=note)
    activity = visited(cast)
    perform(appraisal, "withdraw_evidence", actor=cast.shadow, activity=activity)
    with pytest.raises(TransitionError, match="taken back meanwhile"):
        perform(appraisal, "acknowledge", actor=cast.manager, note=note)
    with pytest.raises(TransitionError, match="taken back meanwhile"):
        perform(appraisal, "withdraw_evidence", actor=cast.shadow, activity=activity)


# --- cycles -----------------------------------------------------------------------------------------------


def make(name: str, first: tuple[int, int, int], last: tuple[int, int, int], **given: Any) -> Cycle:
    return Cycle(name=name, starts_on=dt.date(*first), ends_on=dt.date(*last), **given)


@pytest.mark.parametrize(
    ("cycle", "constraint"),
    [
        (make("B", (2027, 7, 31), (2028, 7, 30)), "cycle_no_overlap"),
        (make("B", (2027, 1, 1), (2027, 2, 1)), "cycle_no_overlap"),
        (make("B", (2029, 8, 1), (2029, 7, 31)), "cycle_dates_ordered"),
        (
            make("B", (2028, 8, 1), (2029, 7, 31), talk_from=dt.date(2029, 8, 1)),
            "cycle_talk_inside",
        ),
    ],
)
def test_cycle_that_overlaps_or_is_reversed_is_refused_by_the_database(
    db: None, cycle: Cycle, constraint: str
) -> None:
    """Whatever wrote it; what a form says first is tested with the form."""
    make("A", (2026, 8, 1), (2027, 7, 31)).save()
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        cycle.save()
    assert constraint in str(refusal.value)


@pytest.mark.parametrize(
    ("last", "day"),
    [((2027, 7, 31), (2027, 5, 31)), ((2027, 4, 30), (2027, 2, 28)), ((2027, 1, 31), (2026, 11, 30))],
)
def test_conversation_is_prompted_two_months_before_the_end(
    last: tuple[int, int, int], day: tuple[int, int, int]
) -> None:
    assert make("A", (2026, 8, 1), last).talk_day == dt.date(*day)
    assert make("A", last, last).talk_day == dt.date(*last)
