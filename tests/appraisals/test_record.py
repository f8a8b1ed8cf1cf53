"""Activities, evidence and outcomes that visits enter into appraisals, before and after the sign-off."""

from __future__ import annotations

import dataclasses
import datetime as dt
from uuid import uuid4

import pytest

from accounts.workflow import TransitionError, perform
from appraisals.enums import ActivityPart, ActivityState
from appraisals.models import Activity, Addition, EvidenceNote
from appraisals.workflow.activities import note_activity, note_outcome, release_evidence, withdraw_evidence
from tests.appraisals.staged import (
    LEARNED,
    SOURCE,
    doing,
    fresh,
    history,
    opened,
    release,
    released,
    said,
    signed_off,
    talked,
    today,
    visited,
    waits,
)
from tests.cast import Cast
from tests.factories import CycleFactory, ObjectiveFactory

OTHER_WORDS = [("What will you do differently?", "Ask before I sort.")]


def withdraw(cast: Cast) -> bool:
    return withdraw_evidence(source=SOURCE, part=ActivityPart.VISITED, author=cast.shadow)


def outcome(cast: Cast, sentence: str = "Adopted.") -> None:
    note_outcome(source=SOURCE, part=ActivityPart.VISITED, author=cast.shadow, sentence=sentence, on=today())


# --- activities -------------------------------------------------------------------------------------------


def test_activity_without_an_appraisal_is_noted_nowhere(cast: Cast) -> None:
    assert note_activity(doing(cast)) is None
    assert not Activity.objects.exists()


def test_activity_is_listed_once_in_current_state(cast: Cast) -> None:
    appraisal = opened(cast)
    objective = ObjectiveFactory.create(appraisal=appraisal)
    note_activity(doing(cast, objective=objective))
    noted = note_activity(doing(cast, state=ActivityState.TOOK_PLACE, title="A day", objective=objective))
    assert noted is not None
    assert list(appraisal.activities.all()) == [noted]
    assert (noted.state, noted.title, noted.objective) == (ActivityState.TOOK_PLACE, "A day", objective)


def test_activity_begins_in_the_cycle_of_its_first_day(cast: Cast) -> None:
    this_year = opened(cast)
    last = this_year.cycle.ends_on
    next_year = CycleFactory.create(name="Next", starts_on=last + dt.timedelta(1), ends_on=today(700))
    following = opened(cast, cycle=next_year)
    noted = note_activity(doing(cast, starts_on=last, ends_on=last + dt.timedelta(days=3)))
    assert noted is not None
    assert noted.appraisal == this_year
    moved = note_activity(doing(cast, starts_on=today(300), ends_on=today(300)))
    assert moved is not None
    assert (moved.pk, moved.appraisal) == (noted.pk, following)


def test_activity_moved_to_days_without_an_appraisal_stays_where_it_is(cast: Cast) -> None:
    appraisal = opened(cast)
    note_activity(doing(cast))
    moved = note_activity(doing(cast, starts_on=today(400), ends_on=today(400)))
    assert moved is not None
    assert (moved.appraisal, moved.starts_on) == (appraisal, today(400))


def test_activity_of_a_signed_off_appraisal_stays_and_a_sentence_says_what_became_of_it_once(
    cast: Cast,
) -> None:
    opened_one = opened(cast)
    before = note_activity(doing(cast))
    assert before is not None
    sign_off(cast, opened_one)
    called_off = doing(cast, state=ActivityState.CALLED_OFF)
    for _ in range(2):
        assert note_activity(called_off) == before
    before.refresh_from_db()
    assert before.state == ActivityState.AGREED
    day = today(20)
    assert said(opened_one) == [
        (
            "Since the sign-off the visit “A morning at the service desk” to IT Services was called off; it "
            f"was planned for {day:%a} {day.day} {day:%B %Y}."
        )
    ]
    note_activity(doing(cast))
    note_activity(called_off)
    assert len(said(opened_one)) == 3  # agreed again, and called off again, are news


def sign_off(cast: Cast, appraisal: object) -> None:
    """Sign the present content as both sides."""
    one = fresh(appraisal)  # type: ignore[arg-type]  # an appraisal
    perform(
        one, "record_talk", actor=cast.shadow, held_on=today(), outcome="will_shadow", words="To the desk."
    )
    perform(one, "sign_as_person", actor=cast.shadow)
    perform(one, "sign_as_appraiser", actor=cast.manager)


def test_unchanged_activity_after_sign_off_adds_no_note(cast: Cast) -> None:
    appraisal = opened(cast)
    note_activity(doing(cast))
    sign_off(cast, appraisal)
    note_activity(doing(cast))
    assert said(appraisal) == []


def test_new_activity_of_a_signed_off_appraisal_is_a_sentence_and_so_is_what_was_learned(cast: Cast) -> None:
    appraisal = signed_off(cast)
    assert note_activity(doing(cast, part=ActivityPart.HOSTED, partner="Val Visitor")) is None
    assert not Activity.objects.exists()
    (sentence,) = said(appraisal)
    assert sentence.startswith(
        "Since the sign-off the visit “A morning at the service desk” of Val Visitor from Library Services "
        "was agreed for "
    )
    note = release_evidence(source=SOURCE, part=ActivityPart.HOSTED, author=cast.shadow, parts=LEARNED)
    assert isinstance(note, Addition)
    assert note.words == "What I learned:\n\nWhat will you do differently?\nSort calls at the door."


# --- evidence ---------------------------------------------------------------------------------------------


def test_evidence_for_unknown_activity_is_not_stored(cast: Cast) -> None:
    opened(cast)
    assert release(cast) is None
    assert not withdraw(cast)
    outcome(cast)
    assert not EvidenceNote.objects.exists()
    assert not Addition.objects.exists()


def test_evidence_of_another_author_is_not_stored(cast: Cast) -> None:
    """A co-host who writes for the host's side has no word in the host's appraisal."""
    opened(cast)
    visited(cast)
    parts = {"source": SOURCE, "part": ActivityPart.VISITED}
    assert release_evidence(**parts, author=cast.host, parts=LEARNED) is None  # type: ignore[arg-type]  # as above
    release(cast)
    assert not withdraw_evidence(**parts, author=cast.host)  # type: ignore[arg-type]  # as above
    assert EvidenceNote.objects.get().withdrawn_at is None


def test_evidence_waits_for_appraiser_and_history_lacks_its_words(cast: Cast) -> None:
    appraisal = opened(cast)
    note = released(cast)
    assert note.parts == [["What will you do differently?", "Sort calls at the door."]]
    assert ("acknowledge", cast.manager) in waits(appraisal)
    (entry,) = history(appraisal)
    assert (entry.action, entry.actor, entry.reason) == ("release_evidence", cast.shadow, "")


def test_evidence_released_again_has_its_new_words_acknowledged_anew(cast: Cast) -> None:
    appraisal = opened(cast)
    note = released(cast)
    perform(appraisal, "acknowledge", actor=cast.manager, note=note, comment="Good.")
    release(cast, OTHER_WORDS)
    note.refresh_from_db()
    assert note.parts == [list(pair) for pair in OTHER_WORDS]
    assert (note.acknowledged_at, note.acknowledged_by) == (None, None)
    assert note.comment == "Good."  # what the manager wrote is not lost
    assert ("acknowledge", cast.manager) in waits(appraisal)


def test_the_same_words_released_again_stay_acknowledged(cast: Cast) -> None:
    appraisal = opened(cast)
    note = released(cast)
    perform(appraisal, "acknowledge", actor=cast.manager, note=note, comment="Good.")
    release(cast)
    note.refresh_from_db()
    assert note.comment == "Good."
    assert waits(appraisal) == set()


def test_evidence_withdrawn_keeps_no_words_and_waits_no_more(cast: Cast) -> None:
    appraisal = opened(cast)
    note = released(cast)
    assert withdraw(cast)
    note.refresh_from_db()
    assert (note.parts, note.withdrawn_at is not None) == ([], True)
    assert waits(appraisal) == set()
    assert not withdraw(cast)
    release(cast, OTHER_WORDS)
    note.refresh_from_db()
    assert (note.withdrawn_at, len(note.parts)) == (None, 1)


def test_evidence_withdrawn_takes_signatures_back(cast: Cast) -> None:
    appraisal = talked(cast)
    note = released(cast)
    perform(appraisal, "acknowledge", actor=cast.manager, note=note)
    perform(appraisal, "sign_as_appraiser", actor=cast.manager)
    withdraw(cast)
    assert fresh(appraisal).appraiser_signed_at is None


def test_evidence_cannot_be_withdrawn_after_the_sign_off_and_an_addition_can_be_made(cast: Cast) -> None:
    appraisal = opened(cast)
    note = released(cast)
    perform(appraisal, "acknowledge", actor=cast.manager, note=note, comment="")
    sign_off(cast, appraisal)
    with pytest.raises(TransitionError, match=r"was signed off on .*; you can add a note to it instead"):
        withdraw(cast)
    note.refresh_from_db()
    assert note.parts
    for _ in range(2):
        added = release(cast, OTHER_WORDS)
        assert isinstance(added, Addition)
    assert said(appraisal) == [
        (
            "What I learned at “A morning at the service desk”:\n\n"
            "What will you do differently?\nAsk before I sort."
        )
    ]
    note.refresh_from_db()
    assert note.parts == [list(pair) for pair in LEARNED]


def test_evidence_of_an_exempt_person_is_kept_and_waits_for_nobody(cast: Cast) -> None:
    appraisal = opened(cast)
    visited(cast)
    perform(appraisal, "exempt", actor=None, how="system", reason="long_absence")  # type: ignore[arg-type]  # its value
    release(cast)
    assert EvidenceNote.objects.get().parts
    assert waits(appraisal) == set()
    withdraw(cast)
    release(cast)
    perform(fresh(appraisal), "include", actor=None, how="system")  # type: ignore[arg-type]  # its value
    assert waits(appraisal) == {("acknowledge", cast.manager)}


# --- later ------------------------------------------------------------------------------------------------


def test_outcome_is_stored_with_the_activity(cast: Cast) -> None:
    opened(cast)
    activity = visited(cast)
    outcome(cast)
    activity.refresh_from_db()
    assert (activity.outcome, activity.outcome_on) == ("Adopted.", today())


def test_outcome_after_sign_off_is_an_addition(cast: Cast) -> None:
    appraisal = opened(cast)
    activity = visited(cast)
    sign_off(cast, appraisal)
    outcome(cast, "Adapted to our desk.")
    activity.refresh_from_db()
    assert activity.outcome == ""
    (sentence,) = said(appraisal)
    assert sentence.startswith("What came of “A morning at the service desk”, asked on ")
    assert sentence.endswith(": Adapted to our desk.")


def test_outcome_of_another_author_is_ignored(cast: Cast) -> None:
    opened(cast)
    activity = visited(cast)
    note_outcome(source=SOURCE, part=ActivityPart.VISITED, author=cast.host, sentence="No.", on=today())
    activity.refresh_from_db()
    assert activity.outcome == ""


def test_visits_with_same_name_are_distinguished(cast: Cast) -> None:
    appraisal = opened(cast)
    first, second = doing(cast), dataclasses.replace(doing(cast), source=uuid4(), starts_on=today(19))
    for one in (first, second):
        note_activity(one)
    sign_off(cast, appraisal)
    for one in (first, second, first, second):
        note_activity(dataclasses.replace(one, state=ActivityState.MISSED))
    assert len(said(appraisal)) == 2
