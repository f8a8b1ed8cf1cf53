"""Capture what a process writes to its log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO


@contextmanager
def written(*names: str) -> Iterator[StringIO]:
    """Return the lines the console would show, from INFO on for the loggers named."""
    (console,) = [handler for handler in logging.getLogger().handlers if handler.get_name() == "console"]
    assert isinstance(console, logging.StreamHandler)
    levels = {name: logging.getLogger(name).level for name in names}
    lines = StringIO()
    before = console.setStream(lines)
    for name in names:
        logging.getLogger(name).setLevel(logging.INFO)
    try:
        yield lines
    finally:
        console.setStream(before)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
