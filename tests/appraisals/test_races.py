"""Concurrent actions on one appraisal: signatures, double clicks, withdrawals, two schedulers."""

from __future__ import annotations

import time
from functools import partial
from threading import Event
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from accounts.models import Person, WaitingItem
from accounts.workflow import perform
from appraisals.enums import ActivityPart, AppraisalStatus
from appraisals.models import Activity, Appraisal
from appraisals.workflow import due
from appraisals.workflow.activities import note_activity, withdraw_evidence
from tests.appraisals.staged import (
    SOURCE,
    doing,
    fresh,
    history,
    mails,
    opened,
    released,
    said,
    talked,
    today,
)
from tests.cast import Cast
from tests.factories import AppraisalFactory, CycleFactory
from tests.shadowing.test_races import all_at_once

TIMES = 8
PAUSE = 0.5


@pytest.fixture
def everyone(transactional_db: None, cast: Cast) -> Cast:
    """The cast in a database whose rows other connections see."""
    return cast


def act(appraisal: Appraisal, action: str, actor: Any, **given: Any) -> Any:
    return partial(perform, appraisal, action, actor=actor, **given)


@pytest.mark.parametrize("attempt", range(3))
def test_both_sign_at_the_same_moment_and_it_is_signed_off_once(everyone: Cast, attempt: int) -> None:
    appraisal = talked(everyone)
    signs = [
        act(appraisal, "sign_as_person", everyone.shadow),
        act(appraisal, "sign_as_appraiser", everyone.manager),
    ]
    all_at_once(signs * (TIMES // 2))
    done = fresh(appraisal)
    assert done.status == AppraisalStatus.SIGNED_OFF
    assert [entry.to_state for entry in history(done)] == ["open", "open", "signed_off"]
    assert len(mails("appraisal_signed_off_to_person")) == 1
    assert not WaitingItem.objects.open().exists()


def test_double_click_signs_once(everyone: Cast) -> None:
    appraisal = talked(everyone)
    results = all_at_once([act(appraisal, "sign_as_person", everyone.shadow)] * TIMES)
    assert sum(isinstance(result, Appraisal) for result in results) == 1
    assert all("You signed this appraisal on" in result for result in results if isinstance(result, str))
    assert len(history(appraisal)) == 2
    assert WaitingItem.objects.open().count() == 1


def test_two_who_change_and_sign_leave_no_signature_under_what_was_not_read(everyone: Cast) -> None:
    appraisal = talked(everyone)
    for number in range(3):
        all_at_once(
            [
                act(appraisal, "sign_as_appraiser", everyone.manager),
                act(appraisal, "add_objective", everyone.shadow, text=f"Learn {number}."),
            ]
        )
        now, order = fresh(appraisal), [entry.action for entry in history(appraisal)][-2:]
        assert (now.appraiser_signed_at is not None) == (order[-1] == "sign_as_appraiser")
        if now.appraiser_signed_at is not None:
            perform(now, "take_back_signature", actor=everyone.manager)


def test_manager_and_deputy_acknowledge_at_once_and_one_does(everyone: Cast) -> None:
    appraisal = opened(everyone)
    note = released(everyone)
    results = all_at_once(
        [
            act(appraisal, "acknowledge", person, note=note, comment=str(person))
            for person in (everyone.manager, everyone.deputy)
        ]
    )
    assert sum(isinstance(result, Appraisal) for result in results) == 1
    note.refresh_from_db()
    assert note.comment == str(note.acknowledged_by)


def test_withdrawal_against_the_last_signature_is_before_or_too_late(everyone: Cast) -> None:
    appraisal = talked(everyone)
    note = released(everyone)
    perform(appraisal, "acknowledge", actor=everyone.manager, note=note)
    perform(appraisal, "sign_as_person", actor=everyone.shadow)
    withdraws = partial(withdraw_evidence, source=SOURCE, part=ActivityPart.VISITED, author=everyone.shadow)
    all_at_once([act(appraisal, "sign_as_appraiser", everyone.manager), withdraws])
    now = fresh(appraisal)
    note.refresh_from_db()
    if now.status == AppraisalStatus.SIGNED_OFF:
        assert note.parts
    else:
        assert (note.parts, now.person_signed_at) == ([], None)


def test_visit_entered_during_last_signature_waits_for_it(everyone: Cast) -> None:
    """The pause makes sure that both are inside at once: without the lock the visit would slip in."""
    appraisal = talked(everyone)
    perform(appraisal, "sign_as_person", actor=everyone.shadow)
    signed = Event()

    def sign_slowly() -> None:
        with transaction.atomic():
            perform(appraisal, "sign_as_appraiser", actor=everyone.manager)
            signed.set()
            time.sleep(PAUSE)

    def enter_meanwhile() -> None:
        assert signed.wait(timeout=10)
        note_activity(doing(everyone))

    all_at_once([sign_slowly, enter_meanwhile])
    assert fresh(appraisal).status == AppraisalStatus.SIGNED_OFF
    assert (appraisal.activities.count(), len(said(appraisal))) == (0, 1)


def test_two_visits_of_the_same_people_do_not_wait_for_each_other(everyone: Cast) -> None:
    """Each enters both appraisals, in the other order: that must not end in a deadlock."""
    opened(everyone)
    opened(everyone, person=everyone.host, appraiser=everyone.host_manager)

    def enter(first: Person, second: Person) -> None:
        source = uuid4()
        with transaction.atomic():
            note_activity(doing(everyone, person=first, source=source))
            time.sleep(PAUSE)
            note_activity(doing(everyone, person=second, source=source, part=ActivityPart.HOSTED))

    all_at_once(
        [
            partial(enter, everyone.shadow, everyone.host),
            partial(enter, everyone.host, everyone.shadow),
        ]
    )
    assert Activity.objects.count() == 4


def test_two_schedulers_prompt_everybody_once(everyone: Cast) -> None:
    cycle = CycleFactory.create(talk_from=today())
    for _ in range(12):
        AppraisalFactory.create(cycle=cycle, appraiser=everyone.manager)
    done = all_at_once([due.prompt_all] * 4)
    assert sum(number for number in done if isinstance(number, int)) == 12
    assert len(mails("conversation_prompted_to_person")) == 12
    assert WaitingItem.objects.open().count() == 24
    assert all(len(history(one)) == 1 for one in Appraisal.objects.all())
