"""What is released to the appraisal: its copy there follows until the sign-off, then only grows."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.enums import How
from accounts.models import Person
from accounts.workflow import TransitionError, perform
from appraisals.models import Activity, Appraisal, EvidenceNote
from schedule.due import run_due
from shadowing.enums import Share, Side
from shadowing.models import Placement
from shadowing.reflections.workflow.answers import Mark
from shadowing.reflections.workflow.appraisal_entries import fill_appraisals
from shadowing.reflections.workflow.evidence import release_earlier_evidence, signed_off_on
from shadowing.reflections.workflow.reflecting import keep_draft
from tests.cast import Cast
from tests.factories import AppraisalFactory
from tests.shadowing.reflecting import (
    CANARY,
    answer_to,
    both_sent,
    co_hosted,
    question,
    sent,
    visited,
    words,
)


@pytest.fixture
def placement(cast: Cast) -> Placement:
    """A visit that is over."""
    return visited(cast)


@pytest.fixture
def appraised(cast: Cast) -> Placement:
    """A visit of somebody who has an appraisal this year, as the host has."""
    for person in (cast.shadow, cast.host):
        AppraisalFactory.create(person=person)
    return visited(cast)


def evidence(placement: Placement) -> list[EvidenceNote]:
    """Return the evidence in appraisals about the visit, the shadow's first."""
    return list(EvidenceNote.objects.filter(activity__source=placement.pk).order_by("-activity__part"))


def sign_off(cast: Cast) -> None:
    """Both have signed the shadow's appraisal, whatever else they did."""
    now = timezone.now()
    Appraisal.objects.filter(person=cast.shadow).update(
        status="signed_off", person_signed_at=now, appraiser_signed_at=now, appraiser_signed_by=cast.manager
    )


def test_what_is_released_lands_in_the_authors_own_appraisal(cast: Cast, appraised: Placement) -> None:
    both_sent(cast, appraised, Share.EVIDENCE)
    found = {note.activity.appraisal.person: note.parts for note in evidence(appraised)}
    assert found == {
        cast.shadow: [["What did I see that we do differently?", "The board."]],
        cast.host: [["What did fresh eyes teach us?", "Our jargon."]],
    }


def test_draft_lands_nowhere(cast: Cast, appraised: Placement) -> None:
    answers = [words(appraised, "seen_differently", CANARY, Share.EVIDENCE)]
    keep_draft(appraised, actor=cast.shadow, answers=answers, mark=Mark())
    assert evidence(appraised) == []


def test_other_words_and_other_readers_reach_the_copy(cast: Cast, appraised: Placement) -> None:
    both_sent(cast, appraised, Share.EVIDENCE)
    answers = [words(appraised, "seen_differently", "The wall.", Share.EVIDENCE)]
    perform(appraised, "change_reflection", actor=cast.shadow, answers=answers, mark=Mark(1))
    note = evidence(appraised)[0]
    assert note.parts == [["What did I see that we do differently?", "The wall."]]
    shares = {question(appraised, "seen_differently").pk: Share.SHARED}
    perform(appraised, "share_answers", actor=cast.shadow, shares=shares)
    note.refresh_from_db()
    assert (note.parts, note.withdrawn_at is not None) == ([], True)


def test_nothing_is_taken_back_after_the_sign_off(cast: Cast, appraised: Placement) -> None:
    both_sent(cast, appraised, Share.EVIDENCE)
    sign_off(cast)
    shares = {question(appraised, "seen_differently").pk: Share.PRIVATE}
    with pytest.raises(TransitionError, match="was signed off on"):
        perform(appraised, "share_answers", actor=cast.shadow, shares=shares)
    answers = [words(appraised, "seen_differently", "The wall.", Share.EVIDENCE)]
    with pytest.raises(TransitionError, match="add a note"):
        perform(appraised, "change_reflection", actor=cast.shadow, answers=answers, mark=Mark(1))
    assert answer_to(appraised, "seen_differently").words == "The board."
    assert signed_off_on(appraised, Side.SHADOW) == timezone.localdate()
    assert signed_off_on(appraised, Side.HOST) is None


def test_what_is_released_after_the_sign_off_is_added(cast: Cast, appraised: Placement) -> None:
    both_sent(cast, appraised, Share.EVIDENCE)
    sign_off(cast)
    answers = [
        words(appraised, "seen_differently", "The board.", Share.EVIDENCE),
        words(appraised, "team_should_know", "They are quick.", Share.EVIDENCE),
    ]
    perform(appraised, "change_reflection", actor=cast.shadow, answers=answers, mark=Mark(1))
    added = Appraisal.objects.get(person=cast.shadow).additions.get()
    assert "They are quick." in added.words
    assert "The board." not in added.words


def test_what_was_released_before_there_was_an_appraisal_is_kept_for_it(
    cast: Cast, placement: Placement
) -> None:
    sent(placement, cast.shadow, words(placement, "seen_differently", "The board.", Share.EVIDENCE))
    release_earlier_evidence(placement, Side.SHADOW)
    assert evidence(placement) == []
    AppraisalFactory.create(person=cast.shadow)
    run_due()
    release_earlier_evidence(Placement.objects.get(pk=placement.pk), Side.SHADOW)  # again changes nothing
    assert [note.parts for note in evidence(placement)] == [
        [["What did I see that we do differently?", "The board."]]
    ]


def test_what_was_taken_back_is_not_released_again_by_the_schedule(cast: Cast, appraised: Placement) -> None:
    both_sent(cast, appraised, Share.EVIDENCE)
    shares = {question(appraised, "seen_differently").pk: Share.PRIVATE}
    perform(appraised, "share_answers", actor=cast.shadow, shares=shares)
    release_earlier_evidence(appraised, Side.SHADOW)
    assert evidence(appraised)[0].parts == []


def test_words_of_a_co_host_reach_nobodys_appraisal(cast: Cast, appraised: Placement) -> None:
    """The visit is in the host's appraisal, whose manager may not read the co-host's words."""
    sent(appraised, co_hosted(cast), words(appraised, "fresh_eyes", CANARY, Share.EVIDENCE))
    assert answer_to(appraised, "fresh_eyes").share == Share.PRIVATE
    release_earlier_evidence(appraised, Side.HOST)
    assert evidence(appraised) == []
    assert Activity.objects.filter(source=appraised.pk).count() == 2


def test_who_is_taken_in_again_finds_what_they_released_before(cast: Cast, placement: Placement) -> None:
    """Exempt from the beginning, when the visit and its words were entered."""
    sent(placement, cast.shadow, words(placement, "seen_differently", "The board.", Share.EVIDENCE))
    appraisal = AppraisalFactory.create(person=cast.shadow, appraiser=cast.manager)
    perform(appraisal, "exempt", actor=None, how=How.SYSTEM, reason="probation", words="")
    run_due()
    perform(appraisal, "include", actor=cast.coordinator)
    assert [note.author for note in evidence(placement)] == [cast.shadow]


def test_words_of_who_has_left_keep_the_visit_from_nobody(cast: Cast, placement: Placement) -> None:
    sent(placement, cast.host, words(placement, "fresh_eyes", "Jargon.", Share.EVIDENCE))
    Person.objects.filter(pk=cast.host.pk).update(is_active=False)
    for person in (cast.host, cast.shadow):
        AppraisalFactory.create(person=person)
    assert fill_appraisals() == 2
    assert Activity.objects.filter(source=placement.pk).count() == 2
