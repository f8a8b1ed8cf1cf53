"""Work in batches, each in its own transaction, with memory freed between them."""

from __future__ import annotations

import random
from collections.abc import Iterator

from django.db import reset_queries, transaction


def batches(
    seed: int, what: str, start: int, missing: int, size: int
) -> Iterator[tuple[range, random.Random]]:
    """Yield ranges of numbers from ``start`` on, ``missing`` in all, each with its own random generator."""
    for first in range(start, start + missing, size):
        last = min(first + size, start + missing)
        with transaction.atomic():
            yield range(first, last), random.Random(f"{seed}:{what}:{first}")
        reset_queries()  # with DEBUG on, Django would keep the text of every query
