"""The demo's other people, who have no named role."""

from __future__ import annotations

import datetime as dt
import random
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from accounts.enums import WorkingPattern
from accounts.models import Person
from demo.names import FIRST_NAMES, LAST_NAMES

DOMAIN = "example.ac.uk"
_SPECIAL = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "đ": "d", "ı": "i", "'": "", " ": ""})
SHORT_WEEKS = ([1, 2, 3], [2, 3, 4], [1, 2, 4, 5], [3, 4, 5], [1, 3, 5])


def plain(name: str) -> str:
    """Return ``name`` as used in an email address."""
    decomposed = unicodedata.normalize("NFKD", name.translate(_SPECIAL))
    return "".join(letter for letter in decomposed if letter.isascii()).lower()


@dataclass
class Crowd:
    """Generator of people; the same seed and day give the same ones."""

    rng: random.Random
    today: dt.date
    password: str
    seen: Counter[str] = field(default_factory=Counter)
    number: int = 0

    def next_name(self) -> tuple[str, str]:
        """Return a first and a last name, without repeating pairs as far as possible."""
        for _ in range(20):
            first, last = self.rng.choice(FIRST_NAMES), self.rng.choice(LAST_NAMES)
            if not self.seen[f"{plain(first)}.{plain(last)}"]:
                break
        return first, last

    def email_of(self, first: str, last: str) -> str:
        """Return an unused email address."""
        address = f"{plain(first)}.{plain(last)}"
        self.seen[address] += 1
        again = self.seen[address]
        return f"{address}{again if again > 1 else ''}@{DOMAIN}"

    def person(self, job_title: str, grade: int, manager: Person | None, **fields: Any) -> Person:
        """Return an unsaved person; ``fields`` override the random values."""
        self.number += 1
        chance: dict[str, Any] = {}
        if "email" not in fields:
            first, last = self.next_name()
            chance = {"first_name": first, "last_name": last, "email": self.email_of(first, last)}
        chance |= {"staff_number": f"DEMO-{self.number:07d}", **self._dates(), "is_demo": True}
        return Person(
            job_title=job_title,
            grade=f"Grade {grade}",
            line_manager=manager,
            password=self.password,
            **{**chance, **fields},
        )

    def week(self, shifts: bool) -> dict[str, Any]:
        """Return a working pattern and its days."""
        if shifts and self.rng.random() < 0.7:
            return {"working_pattern": WorkingPattern.SHIFTS}
        if self.rng.random() < 0.22:
            days = self.rng.choice(SHORT_WEEKS)
            return {"working_pattern": WorkingPattern.PART_TIME, "working_days": days}
        return {}

    def _dates(self) -> dict[str, Any]:
        """Return start date and end of probation: mostly years ago, sometimes recent."""
        served = int(self.rng.triangular(40, 9000, 900))
        start = self.today - dt.timedelta(days=served)
        return {"start_date": start, "probation_end": start + dt.timedelta(days=183)}
