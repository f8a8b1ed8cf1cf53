"""A form sent twice is one request: one after the other, at the same moment, from two windows."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from accounts.models import HistoryEntry
from accounts.workflow import TransitionError, perform
from messaging.models import Message
from shadowing.enums import RequestStatus
from shadowing.models import Decision, Placement, Request
from shadowing.requests.workflow.drafting import new_request, write_request
from tests.cast import Cast
from tests.shadowing.requesting import OBJECTIVE, act_url, ask_url, edit_url, filled, post, signed_in, text

S = RequestStatus


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Make the calls concurrently, each on its own connection; return their results."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            barrier.wait(timeout=20)
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(run, call) for call in calls]]


def test_second_sending_shows_the_first_result(cast: Cast) -> None:
    form = filled(cast.session)
    first = post(cast.shadow, ask_url(cast.offer), **form)
    second = post(cast.shadow, ask_url(cast.offer), **form)
    assert first.status_code == second.status_code == 303
    assert first["Location"] == second["Location"]
    assert Request.objects.count() == 1
    assert HistoryEntry.objects.count() == 1


def test_second_sending_shows_the_first_result_even_after_it_was_withdrawn(cast: Cast) -> None:
    form = filled(cast.session)
    post(cast.shadow, ask_url(cast.offer), **form)
    perform(Request.objects.get(), "withdraw", actor=cast.shadow)
    response = post(cast.shadow, ask_url(cast.offer), **form)
    assert response["Location"] == Request.objects.get().get_absolute_url()


def test_form_of_a_draft_that_is_sent_afterwards_is_sent(cast: Cast) -> None:
    """Saved as a draft, back, changed, sent: the same form, and what is typed last counts."""
    form = filled(cast.session)
    post(cast.shadow, ask_url(cast.offer), **form, draft="1")
    response = post(cast.shadow, ask_url(cast.offer), **{**form, "objective_1": "Thought it over"})
    request = Request.objects.get()
    assert response["Location"] == request.get_absolute_url()
    assert (request.status, request.objectives) == (S.WITH_MANAGER, ["Thought it over"])


def test_second_window_carries_on_the_same_draft(cast: Cast) -> None:
    post(cast.shadow, ask_url(cast.offer), **filled(cast.session), draft="1")
    post(cast.shadow, ask_url(cast.offer), **filled(cast.session, objective_1="Second window"))
    request = Request.objects.get()
    assert (request.status, request.objectives) == (S.WITH_MANAGER, ["Second window"])


def test_anothers_form_id_leads_nowhere(cast: Cast) -> None:
    form = filled(cast.session)
    post(cast.shadow, ask_url(cast.offer), **form)
    response = post(cast.stranger, ask_url(cast.offer), **form)
    assert response.status_code == 409
    assert "Location" not in response
    assert OBJECTIVE in text(response)
    assert Request.objects.get().shadow == cast.shadow


def test_pressing_twice_on_a_changed_request_is_one_sending(cast: Cast) -> None:
    request = perform(cast.submitted(), "send_back", actor=cast.manager, words="What for?")
    form = filled(cast.session)
    answers = [post(cast.shadow, edit_url(request), **form) for _ in range(2)]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [
        (303, request.get_absolute_url())
    ] * 2
    assert HistoryEntry.objects.filter(action="submit").count() == 2  # the first time, and once again


@pytest.mark.django_db(transaction=True)
def test_same_form_at_the_same_moment_is_one_request(cast: Cast) -> None:
    form = filled(cast.session)
    answers = at_once(*[lambda: post(cast.shadow, ask_url(cast.offer), **form)] * 4)
    request = Request.objects.get()
    assert [answer.status_code for answer in answers] == [303] * 4
    assert {answer["Location"] for answer in answers} == {request.get_absolute_url()}
    assert request.status == S.WITH_MANAGER
    assert HistoryEntry.objects.count() == 1
    assert (
        Message.objects.filter(template="request_submitted_to_manager", recipient=cast.manager).count() == 1
    )


@pytest.mark.django_db(transaction=True)
def test_two_forms_for_one_offer_at_the_same_moment_are_one_request(cast: Cast) -> None:
    answers = at_once(
        *[lambda: post(cast.shadow, ask_url(cast.offer), **filled(cast.session)) for _ in range(3)]
    )
    assert sorted(answer.status_code for answer in answers)[0] == 303
    assert {answer.status_code for answer in answers} <= {303, 409}
    assert Request.objects.count() == 1
    assert Decision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_changed_request_sent_at_the_same_moment_is_sent_once(cast: Cast) -> None:
    draft = cast.draft()
    form = filled(cast.session)
    answers = at_once(*[lambda: post(cast.shadow, edit_url(draft), **form)] * 3)
    assert {answer.status_code for answer in answers} <= {303, 409}
    assert Decision.objects.count() == 1
    assert Request.objects.get().status == S.WITH_MANAGER


@pytest.mark.django_db(transaction=True)
def test_host_pressing_twice_makes_one_placement_and_a_friendly_page(cast: Cast) -> None:
    request = cast.approved()
    answers = at_once(*[lambda: post(cast.host, act_url(request, "agree"), place="Desk")] * 3)
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409]
    late = next(answer for answer in answers if answer.status_code == 409)
    assert "This visit has been agreed already." in text(late)
    assert Placement.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_both_sides_cancelling_at_the_same_moment_is_one_cancellation(cast: Cast) -> None:
    placement = Placement.objects.get(request=cast.agreed())
    url = act_url(placement, "cancel")
    answers = at_once(
        lambda: post(cast.shadow, url, reason="illness"), lambda: post(cast.host, url, reason="workload")
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert Message.objects.filter(template="placement_cancelled_to_shadow").count() == 1


def test_refused_sending_leaves_the_request_as_it_was(cast: Cast) -> None:
    """Keeping and sending are one transaction."""
    draft = cast.draft(objectives=["Before"])
    perform(cast.offer, "pause", actor=cast.host)
    record = Request.objects.get(pk=draft.pk)
    asked = {"session": cast.session, "objectives": ["After"]}
    with pytest.raises(TransitionError, match="paused"):
        write_request(record, asked, accepted=True, send=True)
    draft.refresh_from_db()
    assert draft.objectives == ["Before"]


def test_agreement_is_needed_by_the_workflow_too(cast: Cast) -> None:
    record = new_request(cast.shadow, cast.library, cast.offer, uuid.uuid4())
    day = cast.session.starts_at.date()
    asked = {"session": cast.session, "objectives": ["One"], "window_starts": day, "window_ends": day}
    with pytest.raises(TransitionError, match="accept the agreement"):
        write_request(record, asked, accepted=False, send=True, new=True)
    assert not Request.objects.exists()


def test_form_changed_after_sending_reports_first_sending(cast: Cast) -> None:
    form = filled(cast.session)
    client = signed_in(cast.shadow)
    client.post(ask_url(cast.offer), form)
    same = client.post(ask_url(cast.offer), form, follow=True)
    assert "Your later changes were not taken" not in same.content.decode()
    changed = client.post(ask_url(cast.offer), {**form, "objective_1": "Thought it over"}, follow=True)
    assert "Your later changes were not taken" in changed.content.decode()
    assert Request.objects.get().objectives == [OBJECTIVE]
