"""A failing item in any step of the schedule: the others are processed, and the desk shows it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts import batch
from accounts.models import FailedItem
from accounts.protection.retention import DONE_TODAY
from messaging.delivery import deliver_owed
from messaging.enums import MessageStatus
from messaging.models import Message
from schedule.due import HOUSEKEEPING_STEPS, STEPS, run_due, run_housekeeping
from shadowing.models import Request
from tests.cast import Cast
from tests.conftest import Mailbox
from tests.factories import PersonFactory
from tests.shadowing.bad_items import refuse
from tests.shadowing.bad_items_of_appraisals import AllPlants
from tests.shadowing.links import signed_in

pytestmark = pytest.mark.django_db
DESK = "/coordinate/"


def test_failing_item_in_every_step_is_isolated_and_shown_on_the_desk(cast: Cast) -> None:
    cache.delete(DONE_TODAY)
    planted = AllPlants(cast).all()
    assert set(planted) == {step.name for step in (*STEPS, *HOUSEKEEPING_STEPS)}, (
        "plant a bad item in each step"
    )
    run_due()
    run_housekeeping()
    undone = [name for name, plant in planted.items() if not plant.done()]
    noted = set(FailedItem.objects.values_list("job", flat=True))
    unnoted = [name for name, plant in planted.items() if plant.job not in noted]
    assert (undone, unnoted) == ([], [])
    said = {job.sentence for name, job in batch.jobs().items() if name in noted}
    text = ""
    for _ in range(-(-FailedItem.objects.count() // 10)):
        text += signed_in(cast.coordinator).get(DESK).content.decode()
        newest = FailedItem.objects.order_by("-last_at", "-pk").values_list("pk", flat=True)[:10]
        FailedItem.objects.filter(pk__in=list(newest)).delete()
    assert [
        sentence for sentence in said if sentence.replace("’", "&#x27;") not in text and sentence not in text
    ] == []


def bad_request(cast: Cast) -> Request:
    """A request of somebody who left, which the database refuses to end."""
    request = cast.submitted()
    refuse(Request, id=request.pk)
    cast.shadow.is_active = False
    cast.shadow.save()
    run_due()
    return request


def test_desk_says_in_plain_words_what_went_wrong(cast: Cast) -> None:
    request = bad_request(cast)
    item = FailedItem.objects.get(job="requests_of_leavers")
    assert (item.key, item.subject_id, item.tries) == (str(request.pk), request.pk, 1)
    for person in (cast.coordinator, cast.dept_coordinator):
        text = signed_in(person).get(DESK).content.decode()
        assert "What the site could not do" in text
        assert "The request of somebody who has left could not be ended." in text
        assert "Sam Shadow’s visit to IT Services" in text
        assert request.get_absolute_url() in text
        assert "Everything else was done." in text


def test_coordinator_of_another_branch_does_not_see_it(cast: Cast) -> None:
    bad_request(cast)
    other = PersonFactory.create()
    cast.estates.coordinators.create(person=other)
    assert "could not be ended" not in signed_in(other).get(DESK).content.decode()


def test_bad_item_is_tried_after_growing_pauses(cast: Cast) -> None:
    bad_request(cast)
    item = FailedItem.objects.get(job="requests_of_leavers")
    run_due()
    item.refresh_from_db()
    assert (item.tries, item.not_before - item.last_at) == (2, dt.timedelta(minutes=5))
    run_due()
    item.refresh_from_db()
    assert item.tries == 2, "not before its pause is over"


def test_failure_record_is_deleted_after_success(cast: Cast) -> None:
    tried: list[int] = []

    def act(key: int) -> int:
        tried.append(key)
        if len(tried) == 1:
            raise ValueError("at first")
        return 1

    job = batch.Job("test", "A test")
    assert batch.run(job, [1, 2], act).failed == [1]
    assert FailedItem.objects.filter(job="test").count() == 1
    assert batch.run(job, [1], act).done == 1
    assert not FailedItem.objects.filter(job="test").exists()


def test_failure_no_longer_retried_leaves_desk(cast: Cast) -> None:
    bad_request(cast)
    FailedItem.objects.update(not_before=timezone.now() - dt.timedelta(hours=2))
    assert "could not be ended" not in signed_in(cast.coordinator).get(DESK).content.decode()


def test_unclaimable_mail_does_not_stop_the_others(cast: Cast, mailbox: Mailbox) -> None:
    cast.submitted()
    bad = Message.objects.get(recipient=cast.manager)
    refuse(Message, id=bad.pk)
    assert deliver_owed() == Message.objects.exclude(pk=bad.pk).count() > 0
    assert Message.objects.filter(status=MessageStatus.QUEUED).get() == bad
    assert FailedItem.objects.get(job="mail_claimed").key == str(bad.pk)
