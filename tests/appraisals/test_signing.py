"""Signatures: who may sign, when, and what is possible afterwards."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import WaitingItem
from accounts.workflow import TransitionError, perform
from appraisals.enums import AppraisalStatus
from appraisals.models import Addition, Appraisal
from tests.appraisals.staged import (
    fresh,
    history,
    mailed,
    opened,
    prompted,
    release,
    released,
    signed_off,
    talk,
    talked,
    visited,
    waits,
)
from tests.cast import Cast
from tests.factories import ObjectiveFactory


def sign_person(cast: Cast, appraisal: Appraisal) -> Appraisal:
    return perform(appraisal, "sign_as_person", actor=cast.shadow)


def sign_leader(cast: Cast, appraisal: Appraisal) -> Appraisal:
    return perform(appraisal, "sign_as_appraiser", actor=cast.manager)


@pytest.mark.parametrize("order", [(sign_person, sign_leader), (sign_leader, sign_person)])
def test_appraisal_is_signed_off_by_both_in_either_order(
    cast: Cast, order: tuple[Callable[[Cast, Appraisal], Appraisal], ...]
) -> None:
    appraisal = talked(cast)
    first, second = order
    half = first(cast, appraisal)
    other = cast.manager if first is sign_person else cast.shadow
    assert half.status == AppraisalStatus.OPEN
    assert waits(half) == {("sign", other)}
    done = second(cast, half)
    assert done.status == AppraisalStatus.SIGNED_OFF
    assert waits(done) == set()
    assert mailed("appraisal_signed_off_to_person") == {cast.shadow}
    assert mailed("appraisal_signed_off_to_manager") == {cast.manager}
    states = [(entry.from_state, entry.to_state) for entry in history(done)]
    assert states == [("open", "open"), ("open", "open"), ("open", "signed_off")]


def test_signing_twice_is_refused_and_says_when_it_was_signed(cast: Cast) -> None:
    appraisal = sign_person(cast, talked(cast))
    with pytest.raises(TransitionError, match=r"^You signed this appraisal on \w+ \d+ \w+ already\.$"):
        sign_person(cast, appraisal)
    perform(appraisal, "take_back_signature", actor=cast.shadow)
    sign_leader(cast, appraisal)
    with pytest.raises(TransitionError, match="^You signed"):
        sign_leader(cast, appraisal)
    with pytest.raises(TransitionError, match="^Mary Manager signed this appraisal on"):
        perform(appraisal, "sign_as_appraiser", actor=cast.deputy)


def test_signing_what_is_signed_off_says_so(cast: Cast) -> None:
    appraisal = signed_off(cast)
    with pytest.raises(TransitionError, match=r"^Both of you have signed: this appraisal was signed off on"):
        sign_person(cast, appraisal)


@pytest.mark.parametrize("part", ["manager", "host", "coordinator", "stranger"])
def test_nobody_signs_for_the_person(cast: Cast, part: str) -> None:
    with pytest.raises(PermissionDenied):
        perform(talked(cast), "sign_as_person", actor=getattr(cast, part))


@pytest.mark.parametrize("part", ["shadow", "host_manager", "coordinator", "stranger"])
def test_nobody_signs_for_who_appraises(cast: Cast, part: str) -> None:
    with pytest.raises(PermissionDenied):
        perform(talked(cast), "sign_as_appraiser", actor=getattr(cast, part))


def test_deputy_signs_on_behalf_and_both_get_mail(cast: Cast) -> None:
    done = perform(sign_person(cast, talked(cast)), "sign_as_appraiser", actor=cast.deputy)
    assert (done.appraiser_signed_by, done.status) == (cast.deputy, AppraisalStatus.SIGNED_OFF)
    assert history(done)[-1].on_behalf_of == cast.manager
    assert mailed("appraisal_signed_to_manager") == {cast.manager, cast.deputy}
    assert mailed("appraisal_signed_off_to_manager") == {cast.manager, cast.deputy}


def test_deputy_of_ones_own_manager_never_signs_both_sides(cast: Cast) -> None:
    own = opened(cast, person=cast.deputy)
    cast.deputy.line_manager = cast.manager
    cast.deputy.save()
    talk(own, cast.deputy)
    with pytest.raises(PermissionDenied):
        perform(own, "sign_as_appraiser", actor=cast.deputy)
    sign_leader(cast, own)
    item = WaitingItem.objects.open().about(own).get()
    assert (item.owner, item.deputies_may_act) == (cast.deputy, False)


def test_nothing_is_signed_before_the_conversation(cast: Cast) -> None:
    appraisal = opened(cast)
    for sign in (sign_person, sign_leader):
        with pytest.raises(TransitionError, match="conversation about shadowing has not been recorded"):
            sign(cast, appraisal)


def test_who_appraises_signs_only_what_they_have_read(cast: Cast) -> None:
    appraisal = talked(cast)
    note = released(cast)
    with pytest.raises(TransitionError, match="Sam Shadow learned and that has not been acknowledged"):
        sign_leader(cast, appraisal)
    sign_person(cast, appraisal)
    perform(appraisal, "acknowledge", actor=cast.manager, note=note, comment="Do it.")
    done = sign_leader(cast, appraisal)
    assert done.status == AppraisalStatus.SIGNED_OFF


def test_signature_is_taken_back_by_who_gave_it(cast: Cast) -> None:
    appraisal = sign_person(cast, talked(cast))
    with pytest.raises(TransitionError, match="no signature of yours"):
        perform(appraisal, "take_back_signature", actor=cast.manager)
    back = perform(appraisal, "take_back_signature", actor=cast.shadow)
    assert back.person_signed_at is None
    assert waits(back) == set()
    signed = sign_leader(cast, back)
    back = perform(signed, "take_back_signature", actor=cast.deputy)
    assert (back.appraiser_signed_at, back.appraiser_signed_by) == (None, None)


# --- what takes signatures back ---------------------------------------------------------------------------


def add(cast: Cast, appraisal: Appraisal) -> None:
    perform(appraisal, "add_objective", actor=cast.shadow, text="Learn to sort.")


def change(cast: Cast, appraisal: Appraisal) -> None:
    objective = appraisal.objectives.get()
    perform(appraisal, "change_objective", actor=cast.shadow, objective=objective, text="Learn to ask.")


def drop(cast: Cast, appraisal: Appraisal) -> None:
    perform(appraisal, "drop_objective", actor=cast.shadow, objective=appraisal.objectives.get())


def talk_again(cast: Cast, appraisal: Appraisal) -> None:
    talk(appraisal, cast.shadow, outcome="will_do_both")


def release_more(cast: Cast, appraisal: Appraisal) -> None:
    release(cast, [("What will you do differently?", "Ask first.")])


@pytest.mark.parametrize("act", [add, change, drop, talk_again, release_more])
def test_change_takes_the_signature_back_and_tells_who_had_signed(
    cast: Cast, act: Callable[[Cast, Appraisal], None]
) -> None:
    appraisal = talked(cast)
    ObjectiveFactory.create(appraisal=appraisal)
    visited(cast)
    sign_leader(cast, appraisal)
    act(cast, fresh(appraisal))
    now = fresh(appraisal)
    assert (now.appraiser_signed_at, now.appraiser_signed_by) == (None, None)
    assert ("sign", cast.shadow) not in waits(now)
    assert history(now)[-1].reason == "This took back the signature of Mary Manager."
    assert mailed("signature_taken_back_to_manager") == {cast.manager}


def test_own_change_takes_the_own_signature_back_without_a_mail(cast: Cast) -> None:
    appraisal = sign_person(cast, talked(cast))
    add(cast, appraisal)
    assert fresh(appraisal).person_signed_at is None
    assert mailed("signature_taken_back_to_person") == set()
    sign_person(cast, fresh(appraisal))
    talk(fresh(appraisal), cast.manager, outcome="will_host")
    assert mailed("signature_taken_back_to_person") == {cast.shadow}


def test_the_same_again_takes_no_signature_back(cast: Cast) -> None:
    appraisal = talked(cast)
    objective = ObjectiveFactory.create(appraisal=appraisal)
    sign_person(cast, appraisal)
    perform(appraisal, "change_objective", actor=cast.shadow, objective=objective, text=objective.text)
    talk(appraisal, cast.manager)
    perform(appraisal, "agree_objectives", actor=cast.manager)
    assert fresh(appraisal).person_signed_at is not None


# --- after the sign-off -----------------------------------------------------------------------------------


@pytest.mark.parametrize("act", [add, change, drop, talk_again])
def test_signed_off_appraisal_is_read_only_and_says_what_is_possible(
    cast: Cast, act: Callable[[Cast, Appraisal], None]
) -> None:
    appraisal = talked(cast)
    ObjectiveFactory.create(appraisal=appraisal)
    sign_leader(cast, sign_person(cast, appraisal))
    with pytest.raises(TransitionError, match=r"was signed off on .*; you can add a note to it instead\.$"):
        act(cast, fresh(appraisal))
    assert appraisal.objectives.not_dropped().get().text == "Learn how other departments handle enquiries."


def test_notes_are_added_by_both_and_the_other_side_hears_of_it(cast: Cast) -> None:
    appraisal = signed_off(cast)
    perform(appraisal, "add_note", actor=cast.shadow, words="  It was May, not June. ")
    perform(appraisal, "add_note", actor=cast.deputy, words="So it was.")
    added = list(Addition.objects.values_list("words", "author"))
    assert added == [("It was May, not June.", cast.shadow.pk), ("So it was.", cast.deputy.pk)]
    assert mailed("note_added_to_manager") == {cast.manager}
    assert mailed("note_added_to_person") == {cast.shadow}
    assert not any("May" in entry.reason for entry in history(appraisal))
    with pytest.raises(TransitionError, match="Write what should be added"):
        perform(appraisal, "add_note", actor=cast.shadow, words=" ")
    with pytest.raises(TransitionError, match="too long: 4001 characters, where 4000 fit"):
        perform(appraisal, "add_note", actor=cast.shadow, words="x" * 4001)


def test_notes_are_for_what_is_signed_off(cast: Cast) -> None:
    with pytest.raises(TransitionError, match="not signed off yet, so you can still change"):
        perform(prompted(cast), "add_note", actor=cast.shadow, words="Late.")
