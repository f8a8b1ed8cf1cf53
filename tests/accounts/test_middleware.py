"""Test that late actions and unstorable input are answered in words, never with a 500."""

from __future__ import annotations

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from accounts.middleware import RefusalMiddleware
from accounts.workflow import TransitionError


def answer_to(exception: Exception, rf: RequestFactory) -> HttpResponse | None:
    def unreached(request: HttpRequest) -> HttpResponse:
        raise AssertionError

    return RefusalMiddleware(unreached).process_exception(rf.get("/offers/"), exception)


def test_what_the_database_cannot_hold_is_bad_input(rf: RequestFactory) -> None:
    answer = answer_to(DataError("integer out of range"), rf)
    assert answer is not None
    assert answer.status_code == 400
    assert "We cannot use this" in answer.content.decode()


def test_what_comes_too_late_says_so(rf: RequestFactory) -> None:
    answer = answer_to(TransitionError("This has been decided already."), rf)
    assert answer is not None
    assert answer.status_code == 409
    assert "This has been decided already." in answer.content.decode()


def test_every_other_exception_is_left_alone(rf: RequestFactory) -> None:
    assert answer_to(KeyError("x"), rf) is None
