"""What no column and no parser of the database can take is a person's input gone wrong, not our failure.

PostgreSQL says so by the class of its SQLSTATE: 22 for data (a number or date out of range, a broken
pattern), 54 for limits (a statement too complex). Wherever such an error comes from, a request is answered
with 400 and a sentence. Background tasks do not come through here: there it is a fault of ours.
"""

from __future__ import annotations

import sys

import structlog
from django.db import DatabaseError, DataError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import server_error

log = structlog.get_logger(__name__)

INPUT_CLASSES = ("22", "54")
# PostgreSQL reports this limit of its parser for searches as an internal error (XX000).
PARSER_LIMITS = ("tsquery stack too small",)
UTF_8 = frozenset({"utf-8", "utf8", "utf_8"})


def is_bad_input(error: BaseException | None) -> bool:
    """Whether the database, or its driver, refused what it was given."""
    if isinstance(error, UnicodeEncodeError):  # half a character, which no database can store
        return error.reason == "surrogates not allowed"
    state = sqlstate(error)
    if state is not None and state[:2] in INPUT_CLASSES:
        return True
    return isinstance(error, DataError) or str(error).startswith(PARSER_LIMITS)


def sqlstate(error: BaseException | None) -> str | None:
    """The five characters by which the database named the error; None where it did not."""
    given = error.__cause__ if isinstance(error, DatabaseError) else None
    found: str | None = getattr(given, "sqlstate", None)
    return found


def refuse(request: HttpRequest, error: BaseException | None = None) -> HttpResponse:
    """The answer, and a line in the log; a part of a page gets the sentence alone, among the messages."""
    log.warning(
        "input_refused", path=request.path, method=request.method, sqlstate=sqlstate(error), exc_info=error
    )
    if not request.headers.get("HX-Request"):
        return render(request, "errors/bad_input.html", status=400)
    response = render(request, "errors/bad_input_part.html", status=400)
    response["HX-Retarget"], response["HX-Reswap"] = "#messages", "innerHTML"
    return response


def answer_uncaught(request: HttpRequest) -> HttpResponse:
    """The page for what nobody caught, in middleware as well: 500, or 400 for bad input."""
    error = sys.exc_info()[1]
    return refuse(request, error) if is_bad_input(error) else server_error(request)


def has_supported_encoding(request: HttpRequest) -> bool:
    """Whether its text is in the one encoding of the site; others hide what checks look for."""
    return (request.encoding or "utf-8").lower() in UTF_8


def drop_unusable_cookies(request: HttpRequest) -> None:
    """A cookie that no database can look up names no session: it counts as not sent."""
    for name in [name for name, value in request.COOKIES.items() if not value.isprintable()]:
        del request.COOKIES[name]
