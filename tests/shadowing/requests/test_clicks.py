"""Fifty presses at the same moment, over HTTP and real connections: one decision, the others a kind page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections
from django.test import Client

from accounts.models import HistoryEntry
from messaging.models import Message
from shadowing.enums import Outcome, RequestStatus
from shadowing.models import Decision, DecisionLink
from tests.cast import Cast
from tests.shadowing.links import by_link_alone, link_for, signed_in, status_of
from tests.shadowing.rules.test_actions import act_url

pytestmark = pytest.mark.django_db(transaction=True)
S = RequestStatus
AT_ONCE = 50


@pytest.fixture
def everyone(transactional_db: None, cast: Cast) -> Cast:
    """The cast in a database whose rows other connections see."""
    return cast


def pressed_at_once(presses: list[Callable[[], int]]) -> Counter[int]:
    """Press at the same moment on as many connections; count the answers by their code."""
    barrier = Barrier(len(presses))

    def one(press: Callable[[], int]) -> int:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            return press()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(presses)) as pool:
        return Counter(pool.map(one, presses))


def press(client: Client, url: str, given: Mapping[str, object]) -> Callable[[], int]:
    return lambda: client.post(url, dict(given)).status_code


def test_fifty_clicks_are_one_decision(everyone: Cast) -> None:
    request = everyone.submitted()
    clients = [signed_in(everyone.manager) for _ in range(AT_ONCE)]
    codes = pressed_at_once([press(client, act_url(request, "approve"), {}) for client in clients])
    assert codes == {303: 1, 409: AT_ONCE - 1}
    assert HistoryEntry.objects.about(request).filter(action="approve").count() == 1
    assert Message.objects.filter(template="request_approved_to_host").count() == 1


def test_yes_no_and_withdrawal_at_once_leave_one_of_them(everyone: Cast) -> None:
    request = everyone.submitted()
    ways = [
        (everyone.manager, "approve", {}),
        (everyone.deputy, "decline", {"reason": "cover"}),
        (everyone.shadow, "withdraw", {}),
    ]
    presses = [
        press(signed_in(person), act_url(request, action), given)
        for _ in range(8)
        for person, action, given in ways
    ]
    codes = pressed_at_once(presses)
    assert set(codes) <= {303, 409}
    done = HistoryEntry.objects.about(request).exclude(action="submit")
    assert codes[303] == done.count()
    # A withdrawal may follow a yes; nothing follows a no or a withdrawal.
    assert [entry.action for entry in done.order_by("at")] in (
        ["approve"],
        ["decline"],
        ["withdraw"],
        ["approve", "withdraw"],
    )


def test_fifty_answers_by_one_link_are_one_decision(everyone: Cast) -> None:
    by_link_alone(everyone)
    request = everyone.submitted()
    url = link_for(everyone.manager)
    answers = [{"answer": "approve"}, {"answer": "decline", "reason": "cover"}]
    codes = pressed_at_once([press(Client(), url, answers[n % 2]) for n in range(AT_ONCE)])
    assert codes == {303: 1, 409: AT_ONCE - 1}
    assert DecisionLink.objects.filter(used_at__isnull=False).count() == 1
    answered = Decision.objects.filter(request=request, role="line_manager").exclude(outcome=Outcome.PENDING)
    assert answered.count() == 1
    assert status_of(request) in (S.WITH_HOST, S.DECLINED)
