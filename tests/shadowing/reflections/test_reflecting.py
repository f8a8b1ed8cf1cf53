"""Writing about a visit: drafts, sending, changing, the appraisal's copy, and the end of asking."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import HistoryEntry, WaitingItem
from accounts.workflow import TransitionError, perform
from schedule.due import run_due
from shadowing.enums import PlacementStatus, Share, Side, WaitingKind
from shadowing.models import Answer, Placement, Reflection, ReflectionQuestion
from shadowing.reflections.workflow.answers import AnswerInput, Mark, SavedElsewhereError
from shadowing.reflections.workflow.reflecting import keep_draft
from tests.cast import Cast
from tests.shadowing.reflecting import (
    CANARY,
    answer_to,
    both_sent,
    co_hosted,
    everything_told,
    question,
    rating,
    reflection_of,
    sent,
    visited,
    words,
)

S = PlacementStatus


@pytest.fixture
def placement(cast: Cast) -> Placement:
    """A visit that is over."""
    return visited(cast)


def draft(placement: Placement, cast: Cast, said: str, mark: Mark | None = None) -> Reflection:
    """What the shadow types."""
    answers = [words(placement, "seen_differently", said)]
    return keep_draft(placement, actor=cast.shadow, answers=answers, mark=mark or Mark())


def waits(placement: Placement) -> set[str]:
    """Who is still asked to write."""
    items = WaitingItem.objects.about(placement).open().filter(kind=WaitingKind.REFLECT)
    return set(items.values_list("owner__first_name", flat=True))


# --- drafts -------------------------------------------------------------------------------------------------


def test_draft_is_kept_and_history_notes_only_its_beginning(cast: Cast, placement: Placement) -> None:
    kept = draft(placement, cast, "The b", Mark(0, "one", 1))
    for number, said in enumerate(("The bo", "The board."), start=2):
        kept = draft(placement, cast, said, Mark(kept.version, "one", number))
    assert (answer_to(placement, "seen_differently").words, kept.sent_at) == ("The board.", None)
    entries = HistoryEntry.objects.about(placement).filter(action="keep_reflection")
    assert [entry.actor for entry in entries] == [cast.shadow]


def test_nothing_typed_begins_nothing(cast: Cast, placement: Placement) -> None:
    assert draft(placement, cast, "  ").version == 0
    assert not Reflection.objects.exists()


def test_older_words_of_another_window_never_overwrite_newer_ones(cast: Cast, placement: Placement) -> None:
    draft(placement, cast, "From the first window.", Mark(0, "one", 1))
    with pytest.raises(SavedElsewhereError, match="another window"):
        draft(placement, cast, "From the second, opened before.", Mark(0, "two", 5))
    assert answer_to(placement, "seen_differently").words == "From the first window."
    draft(placement, cast, "From the second, opened after.", Mark(1, "two", 6))
    assert answer_to(placement, "seen_differently").words == "From the second, opened after."


def test_window_whose_answer_was_lost_on_the_way_goes_on(cast: Cast, placement: Placement) -> None:
    draft(placement, cast, "One.", Mark(0, "one", 1))
    draft(placement, cast, "One. Two.", Mark(0, "one", 2))
    assert answer_to(placement, "seen_differently").words == "One. Two."


def test_what_comes_late_from_the_same_window_is_left_alone(cast: Cast, placement: Placement) -> None:
    draft(placement, cast, "One. Two.", Mark(0, "one", 2))
    kept = draft(placement, cast, "One.", Mark(0, "one", 1))
    assert (answer_to(placement, "seen_differently").words, kept.version) == ("One. Two.", 1)


def test_draft_does_not_change_what_was_sent(cast: Cast, placement: Placement) -> None:
    sent(placement, cast.shadow, words(placement, "seen_differently", "The board."))
    with pytest.raises(TransitionError, match="was sent on"):
        draft(placement, cast, "Half a", Mark(1, "one", 1))
    assert answer_to(placement, "seen_differently").words == "The board."


def test_answer_that_is_emptied_goes(cast: Cast, placement: Placement) -> None:
    draft(placement, cast, "The board.", Mark(0, "one", 1))
    draft(placement, cast, " ", Mark(0, "one", 2))
    assert not Answer.objects.exists()


def test_choice_of_readers_is_kept_before_the_words(cast: Cast, placement: Placement) -> None:
    draft(placement, cast, "The board.", Mark(0, "one", 1))
    shared = AnswerInput(question=question(placement, "team_should_know").pk, share=Share.SHARED)
    keep_draft(placement, actor=cast.shadow, answers=[shared], mark=Mark(0, "one", 2))
    assert answer_to(placement, "team_should_know").share == Share.SHARED


def test_who_begins_keeps_it(cast: Cast, placement: Placement) -> None:
    colleague = co_hosted(cast)
    answers = [words(placement, "fresh_eyes")]
    keep_draft(placement, actor=colleague, answers=answers, mark=Mark())
    with pytest.raises(TransitionError, match="Colin Cohost has begun to write"):
        keep_draft(placement, actor=cast.host, answers=answers, mark=Mark(1))
    with pytest.raises(TransitionError, match="Colin Cohost has begun to write"):
        sent(placement, cast.host, *answers)
    assert reflection_of(placement, Side.HOST).author == colleague


@pytest.mark.parametrize(
    "part", ["manager", "deputy", "host_manager", "coordinator", "dept_coordinator", "stranger"]
)
@pytest.mark.parametrize("action", ["keep_reflection", "send_reflection", "change_reflection"])
def test_nobody_else_writes(cast: Cast, placement: Placement, part: str, action: str) -> None:
    answers = [words(placement, "seen_differently")]
    with pytest.raises(PermissionDenied):
        perform(placement, action, actor=getattr(cast, part), answers=answers, mark=Mark())
    assert not Reflection.objects.exists()


def test_schedule_writes_nothing(placement: Placement) -> None:
    with pytest.raises(PermissionDenied):
        perform(placement, "send_reflection", actor=None, answers=[], mark=Mark())


def test_nobody_writes_before_the_visit(cast: Cast) -> None:
    placement = cast.agreed().placement
    with pytest.raises(TransitionError, match="agreed"):
        sent(placement, cast.shadow, words(placement, "seen_differently"))


# --- sending ------------------------------------------------------------------------------------------------


def test_sending_needs_one_answer(cast: Cast, placement: Placement) -> None:
    with pytest.raises(TransitionError, match="one question at least"):
        sent(placement, cast.shadow, words(placement, "seen_differently", " \n"))
    assert not Reflection.objects.exists()


def test_side_that_has_sent_is_asked_no_more(cast: Cast, placement: Placement) -> None:
    assert waits(placement) == {"Sam", "Hana"}
    after = sent(placement, cast.shadow, rating(placement))
    assert (waits(placement), after.status) == ({"Hana"}, S.TO_REFLECT)
    after = sent(placement, cast.host, words(placement, "fresh_eyes"))
    assert (waits(placement), after.status) == (set(), S.COMPLETE)


def test_co_host_who_sends_does_it_for_the_host(cast: Cast, placement: Placement) -> None:
    sent(placement, co_hosted(cast), words(placement, "fresh_eyes"))
    assert waits(placement) == {"Sam"}


def test_sending_twice_comes_too_late(cast: Cast, placement: Placement) -> None:
    sent(placement, cast.shadow, rating(placement))
    with pytest.raises(TransitionError, match="was sent on"):
        sent(placement, cast.shadow, rating(placement, 1))
    assert answer_to(placement, "objectives_met").number == 4


def test_answer_keeps_the_question_as_it_was_asked(cast: Cast, placement: Placement) -> None:
    sent(placement, cast.shadow, rating(placement), words(placement, "seen_differently", "The board."))
    ReflectionQuestion.objects.update(text="What is your shoe size?")
    assert answer_to(placement, "seen_differently").asked == "What did I see that we do differently?"
    assert answer_to(placement, "objectives_met").asked.startswith("How far was each objective met? “Underst")
    answers = [words(placement, "seen_differently", "The board on the wall."), rating(placement)]
    perform(placement, "change_reflection", actor=cast.shadow, answers=answers, mark=Mark(1))
    assert answer_to(placement, "seen_differently").asked == "What did I see that we do differently?"


@pytest.mark.parametrize("part", [1, 7])
def test_objective_that_is_not_there_is_not_rated(cast: Cast, placement: Placement, part: int) -> None:
    extra = AnswerInput(
        question=question(placement, "objectives_met").pk, part=part, number=rating(placement).number
    )
    sent(placement, cast.shadow, rating(placement), extra)
    assert Answer.objects.count() == 1


def test_question_of_the_other_side_is_not_answered(cast: Cast, placement: Placement) -> None:
    sent(placement, cast.shadow, rating(placement), words(placement, "fresh_eyes"))
    assert set(Answer.objects.values_list("question__key", flat=True)) == {"objectives_met"}


def test_note_to_the_organisers_goes_to_nobody_else(cast: Cast, placement: Placement) -> None:
    sent(placement, cast.shadow, words(placement, "to_organisers", CANARY, Share.EVIDENCE))
    assert answer_to(placement, "to_organisers").share == Share.ORGANISERS


# --- afterwards ---------------------------------------------------------------------------------------------


def test_what_was_sent_can_be_changed_and_history_says_so(cast: Cast, placement: Placement) -> None:
    sent(placement, cast.shadow, words(placement, "seen_differently", "The board."))
    answers = [words(placement, "seen_differently", "The board on the wall.")]
    perform(placement, "change_reflection", actor=cast.shadow, answers=answers, mark=Mark(1))
    assert answer_to(placement, "seen_differently").words == "The board on the wall."
    assert HistoryEntry.objects.about(placement).filter(action="change_reflection").exists()
    empty = [words(placement, "seen_differently", "")]
    with pytest.raises(TransitionError, match="Leave one answer"):
        perform(placement, "change_reflection", actor=cast.shadow, answers=empty, mark=Mark(2))


def test_readers_are_chosen_anew_for_what_was_sent(cast: Cast, placement: Placement) -> None:
    both_sent(cast, placement, Share.PRIVATE)
    shares = {question(placement, "seen_differently").pk: Share.SHARED}
    perform(placement, "share_answers", actor=cast.shadow, shares=shares)
    answer = answer_to(placement, "seen_differently")
    assert (answer.share, answer.words) == (Share.SHARED, "The board.")
    assert answer_to(placement, "fresh_eyes").share == Share.PRIVATE


def test_readers_of_a_colleagues_words_are_not_mine_to_choose(cast: Cast, placement: Placement) -> None:
    sent(placement, co_hosted(cast), words(placement, "fresh_eyes", CANARY))
    shares = {question(placement, "fresh_eyes").pk: Share.SHARED}
    with pytest.raises(TransitionError, match="Colin Cohost"):
        perform(placement, "share_answers", actor=cast.host, shares=shares)
    assert answer_to(placement, "fresh_eyes").share == Share.PRIVATE


@pytest.mark.parametrize("action", ["change_reflection", "share_answers"])
def test_draft_is_neither_changed_nor_shared_as_if_it_were_sent(
    cast: Cast, placement: Placement, action: str
) -> None:
    draft(placement, cast, "The b")
    with pytest.raises(TransitionError, match="not sent yet"):
        perform(placement, action, actor=cast.shadow, answers=[rating(placement)], mark=Mark(1), shares={})


def test_what_was_never_begun_is_not_shared(cast: Cast, placement: Placement) -> None:
    with pytest.raises(TransitionError, match="Nothing is written"):
        perform(placement, "share_answers", actor=cast.shadow, shares={})


def test_reflection_words_are_in_no_history_and_no_mail(cast: Cast, placement: Placement) -> None:
    run_due()
    answers = [
        words(placement, "seen_differently", CANARY, Share.EVIDENCE),
        words(placement, "to_organisers"),
    ]
    sent(placement, cast.shadow, *answers)
    sent(placement, cast.host, words(placement, "fresh_eyes", CANARY, Share.SHARED))
    perform(placement, "change_reflection", actor=cast.shadow, answers=answers, mark=Mark(1))
    perform(placement, "share_answers", actor=cast.shadow, shares={})
    run_due()
    assert CANARY not in everything_told()
