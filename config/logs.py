"""Structured logs: one line per event, JSON in production, with the request's or the task's id."""

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

# What follows these words in an address opens something; a log must not.
_KEYS = re.compile(r"(/(?:decide|calendar|mail)/)[^/\s?.]+")


def hide_keys(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Leave tokens in addresses out of every line."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _KEYS.sub(r"\1…", value)
    return event


def without_keys(report: Any) -> Any:
    """The same for a whole error report, however deep an address lies in it."""
    if isinstance(report, str):
        return _KEYS.sub(r"\1…", report)
    if isinstance(report, Mapping):
        return {key: without_keys(value) for key, value in report.items()}
    if isinstance(report, list | tuple):
        return [without_keys(value) for value in report]
    return report


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    hide_keys,
]


def configuration(level: str, *, readable: bool) -> dict[str, Any]:
    """Django's LOGGING; ``readable`` for people at a terminal, else JSON for machines."""
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
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(),
    ]
