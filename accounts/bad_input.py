"""Answer input that the database cannot store or parse with status 400 instead of an error page.

PostgreSQL reports such input by the class of its SQLSTATE: 22 for data (a number or date out of range, a
broken pattern), 54 for limits (a statement too complex). An address to return to (``next``) may be one that
cannot be parsed. Background tasks do not use this module: there it is a fault of the code.
"""

from __future__ import annotations

import sys
import traceback

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
    """Return whether the database, its driver or the parser of addresses refused what it was given."""
    if isinstance(error, UnicodeEncodeError):  # a lone surrogate, which no database can store
        return error.reason == "surrogates not allowed"
    if isinstance(error, ValueError) and "urllib.parse" in _modules_of(error):  # such as ?next=//[
        return True
    state = sqlstate(error)
    if state is not None and state[:2] in INPUT_CLASSES:
        return True
    return isinstance(error, DataError) or str(error).startswith(PARSER_LIMITS)


def _modules_of(error: BaseException) -> set[str]:
    """Return the names of the modules that ``error`` was raised through."""
    return {frame.f_globals.get("__name__", "") for frame, _ in traceback.walk_tb(error.__traceback__)}


def sqlstate(error: BaseException | None) -> str | None:
    """Return the five-character SQLSTATE of a database error; None if there is none."""
    given = error.__cause__ if isinstance(error, DatabaseError) else None
    found: str | None = getattr(given, "sqlstate", None)
    return found


def refuse(request: HttpRequest, error: BaseException | None = None) -> HttpResponse:
    """Log the refusal and return a page with status 400; htmx gets only the sentence, among the messages."""
    log.warning(
        "input_refused", path=request.path, method=request.method, sqlstate=sqlstate(error), exc_info=error
    )
    if not request.headers.get("HX-Request"):
        return render(request, "errors/bad_input.html", status=400)
    response = render(request, "errors/bad_input_part.html", status=400)
    response["HX-Retarget"], response["HX-Reswap"] = "#messages", "innerHTML"
    return response


def answer_uncaught(request: HttpRequest) -> HttpResponse:
    """Return the page for an uncaught error, middleware included: 400 for bad input, else 500."""
    error = sys.exc_info()[1]
    return refuse(request, error) if is_bad_input(error) else server_error(request)


def has_supported_encoding(request: HttpRequest) -> bool:
    """Return whether the request's text is in UTF-8; other encodings could hide text from the checks."""
    return (request.encoding or "utf-8").lower() in UTF_8


def drop_unusable_cookies(request: HttpRequest) -> None:
    """Remove unprintable cookies: the database cannot look them up, so they cannot name a session."""
    for name in [name for name, value in request.COOKIES.items() if not value.isprintable()]:
        del request.COOKIES[name]
