"""Structured logs: one line per event, JSON in production, with the id of the request or task.

Logs contain no personal data: not what people typed into an address, not the text of exceptions, no email;
people appear as their primary key only.
"""

import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

# The path segment after these words grants access, so it must not be logged.
_KEYS = re.compile(r"(/(?:decide|calendar|mail|password/reset/key|confirm-email)/)[^/\s?.]+")
_TYPED = re.compile(r"(/[^\s?\"']*\?)[^\s\"']+")
_EMAIL = re.compile(r"[\w.+'-]+@[\w.-]*\w")
_RAISED = re.compile(r"(raised (?:un)?expected: \w+)\(.*", re.DOTALL)  # a task's exception, by Celery
# Keys dropped altogether: sentences for people contain names; client addresses are personal data.
_DROPPED_KEYS = ("why", "ip", "user_agent")
_INTERNAL_KEYS = ("exc_info", "stack_info", "_record", "_from_structlog")
# The messages of these are about machines.
_SAFE_ERRORS = (
    "OperationalError",
    "InterfaceError",
    "ConnectionError",
    "TimeoutError",
    "ImproperlyConfigured",
)
Event = MutableMapping[str, Any]


def redact_event(logger: Any, name: str, event: Event) -> Event:
    """Remove tokens, emails and typed text from a log event."""
    for key in _DROPPED_KEYS:
        event.pop(key, None)
    if event.get("event") == "task_failed":
        event.pop("error", None)
    for key, value in event.items():
        if key not in _INTERNAL_KEYS:
            event[key] = redacted(value)
    return event


def redacted(report: Any) -> Any:
    """Return a report with tokens, emails and typed text removed at any depth."""
    if isinstance(report, str):
        for secret, shown in ((_KEYS, r"\1…"), (_TYPED, r"\1…"), (_EMAIL, "…"), (_RAISED, r"\1")):
            report = secret.sub(shown, report)
        return report
    if isinstance(report, Mapping):
        return {key: redacted(value) for key, value in report.items()}
    if isinstance(report, list | tuple):
        return [redacted(value) for value in report]
    return report


def without_people(event: Any) -> Any:
    """Return a Sentry event without personal data: kind and place of the fault only."""
    clean = redacted({key: value for key, value in event.items() if key not in {"user", "extra"}})
    for error in (clean.get("exception") or {}).get("values", ()):
        error.pop("value", None)
    for part, words in (
        ("request", ("query_string", "data", "cookies", "headers", "env")),
        ("logentry", ("params", "formatted")),
    ):
        for word in words:
            (clean.get(part) or {}).pop(word, None)
    return clean


def describe_exception(logger: Any, name: str, event: Event) -> Event:
    """Replace an exception by its kind and traceback; its message may contain personal data."""
    given = event.pop("exc_info", None)
    found = given[1] if isinstance(given, tuple) else given
    error = found if isinstance(found, BaseException) else sys.exc_info()[1]
    if given and error is not None:
        event["exception"] = _described(error)
    return event


def _described(error: BaseException | None) -> str:
    parts: list[str] = []
    while error is not None and len(parts) < 10:
        kind = f"{type(error).__module__}.{type(error).__qualname__}"
        parts.append("".join(traceback.format_tb(error.__traceback__)) + kind + _safe_message(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\n".join(reversed(parts))


def _safe_message(error: BaseException) -> str:
    names = {kind.__name__ for kind in type(error).__mro__}
    if names.isdisjoint(_SAFE_ERRORS) or "SMTPException" in names:
        return ""
    return f": {redacted(str(error).partition(chr(10))[0])}"


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    redact_event,
]


def configuration(level: str, *, readable: bool) -> dict[str, Any]:
    """Return Django's LOGGING; ``readable`` for people at a terminal, else JSON."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": _rendering(readable=readable),
                "foreign_pre_chain": _SHARED,
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": ["console"], "level": level, "propagate": False},
            "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        },
    }


def _rendering(*, readable: bool) -> list[Any]:
    drop_internals = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if readable:
        return [drop_internals, structlog.dev.ConsoleRenderer(colors=False)]
    return [
        drop_internals,
        describe_exception,
        structlog.processors.JSONRenderer(),
    ]
