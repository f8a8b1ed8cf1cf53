"""Load: many people ask for places at a given pace, and their answers are kept."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterable, Sequence
from typing import Self

from tools.drills.organisation import Organisation, Shadow
from tools.drills.visitor import Client, SubmittedRequest

THREADS = 8
AGAIN_AFTER = 0.3


class Load:
    """Each of ``shadows`` asks once, on a timetable of ``per_second`` requests (0: as fast as they can).

    ``insist``: people who get no answer, or a server error, send the same form again. ``whole``: people open
    the form first and send its contents.
    """

    def __init__(
        self,
        port: int,
        organisation: Organisation,
        shadows: Iterable[Shadow],
        *,
        per_second: float = 0,
        threads: int = THREADS,
        insist: bool = False,
        whole: bool = False,
    ) -> None:
        self.port, self.organisation, self.insist, self.whole = port, organisation, insist, whole
        self.per_second = per_second
        self.asked: list[SubmittedRequest] = []
        self.pages: list[float] = []
        self._queue = enumerate(list(shadows))
        self._turn, self._stop = threading.Lock(), threading.Event()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(threads)]
        self._offers = itertools.cycle(range(len(organisation.offers)))

    def __enter__(self) -> Self:
        """Start asking."""
        self.began = time.time()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        """Stop asking."""
        self.stop()

    def stop(self) -> list[SubmittedRequest]:
        """Start no more requests, wait for those that have begun, and return all answers."""
        self._stop.set()
        return self.finish()

    def finish(self) -> list[SubmittedRequest]:
        """Wait until everybody has asked; return all answers."""
        for thread in self._threads:
            thread.join()
        return self.asked

    @property
    def over(self) -> bool:
        """Whether everybody has asked."""
        return not any(thread.is_alive() for thread in self._threads)

    def _next(self) -> tuple[float, Shadow, int] | None:
        with self._turn:
            number, shadow = next(self._queue, (-1, None))
            if shadow is None or self._stop.is_set():
                return None
            due = self.began + number / self.per_second if self.per_second else time.time()
            return due, shadow, next(self._offers)

    def _work(self) -> None:
        client = Client(self.port)
        while (turn := self._next()) is not None:
            due, shadow, offer = turn
            if self._stop.wait(max(0.0, due - time.time())):
                break
            self._ask(client, shadow, offer, due)
        client.close()

    def _ask(self, client: Client, shadow: Shadow, offer: int, due: float) -> None:
        if self.whole:
            asked = client.fill_in(shadow, self.organisation, offer=offer, due=due)
        else:
            asked = client.ask(shadow, self.organisation, offer=offer, due=due)
        self.asked.append(asked)
        while self.insist and asked.answer.status in {0, 500, 502, 503, 504} and not self._stop.is_set():
            time.sleep(AGAIN_AFTER)
            asked = client.ask(shadow, self.organisation, form_id=asked.form_id, offer=offer)
            self.asked.append(asked)


def ask_all(
    port: int,
    organisation: Organisation,
    shadows: Sequence[Shadow],
    *,
    per_second: float = 0,
    whole: bool = True,
) -> list[SubmittedRequest]:
    """Let all people ask; return all answers."""
    with Load(port, organisation, shadows, per_second=per_second, whole=whole) as load:
        return load.finish()


def percentile(values: Iterable[float], share: float) -> float:
    """Return the value below which ``share`` of the values lie; 0 when there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def milliseconds(seconds: float) -> str:
    """Format seconds as milliseconds."""
    return f"{seconds * 1000:,.0f} ms"


def errors(asked: Iterable[SubmittedRequest]) -> int:
    """Return how many answers were server errors or missing."""
    return sum(one.answer.status == 0 or one.answer.status >= 500 for one in asked)
