"""The contents of the printed summary, shortened so that they fit on one page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.dateformat import format as dateformat

from accounts.days import half_days
from appraisals.enums import ActivityPart, ActivityState, ExemptReason, TalkOutcome
from appraisals.exports.glyphs import shortened
from appraisals.exports.summary import Part

NOT_SIGNED = "Not signed yet"


@dataclass(frozen=True)
class PageLimits:
    """Limits for one page: characters of a text, characters of a name, and rows of each list."""

    words: int
    name: int
    items: int


# From hardly any shortening down to limits that fit even the widest characters.
PAGE_LIMITS = (
    *(
        PageLimits(4000, 200, 60),
        PageLimits(1500, 200, 24),
        PageLimits(900, 160, 16),
        PageLimits(700, 140, 12),
        PageLimits(500, 120, 12),
    ),
    *(
        PageLimits(400, 110, 10),
        PageLimits(320, 100, 10),
        PageLimits(260, 90, 10),
        PageLimits(220, 90, 8),
        PageLimits(180, 80, 8),
    ),
    *(
        PageLimits(150, 80, 8),
        PageLimits(130, 70, 6),
        PageLimits(110, 60, 6),
        PageLimits(90, 60, 5),
        PageLimits(80, 50, 4),
    ),
    *(PageLimits(70, 40, 3), PageLimits(60, 36, 2), PageLimits(60, 30, 1)),
)


class Page:
    """The contents of one summary, shortened to ``room``."""

    def __init__(self, summary: Part, room: PageLimits) -> None:
        self.summary, self.room = summary, room

    def contents(self) -> dict[str, Any]:
        """Return the data of the typst template."""
        visits, learned = self.summary["activities"], self._learned()
        return {
            "title": f"Appraisal summary: {self._name(self.summary['person'])}, {self._cycle()}",
            "heading": "Appraisal summary",
            "site": self._short(settings.SITE_NAME),
            "person": self._name(self.summary["person"]),
            "belongs": self._belongs(),
            "facts": self._facts(),
            "objectives": [self._objective(one) for one in self._first(self.summary["objectives"])],
            "more_objectives": self._more(self.summary["objectives"]),
            "talk": self._talk(self.summary["conversation"]),
            "visits": [self._visit(one) for one in self._first(visits)],
            "more_visits": self._more(visits),
            "learned": [self._note(one) for one in self._first(learned)],
            "more_learned": self._more(learned),
            "additions": [self._addition(one) for one in self._first(self.summary["additions"])],
            "more_additions": self._more(self.summary["additions"]),
            "signed": self._signed(),
            "made": f"Made on {on(self.summary['exported_at'])} by {self._short(settings.SITE_NAME)}.",
            "record": self.summary["url"],
        }

    def _belongs(self) -> str:
        department, person = self.summary["department"], self.summary["person"]
        number = person["staff_number"]
        said = (
            self._short(person["job_title"]),
            self._short(department["name"]) if department else "",
            f"staff number {self._short(number)}" if number else "",
        )
        return " · ".join(filter(None, said))

    def _facts(self) -> list[tuple[str, str]]:
        cycle, appraiser = self.summary["cycle"], self.summary["appraiser"]
        return [
            ("Cycle", f"{self._cycle()}, {on(cycle['starts_on'])} to {on(cycle['ends_on'])}"),
            ("Appraiser", self._name(appraiser) if appraiser else "Nobody is named yet"),
            ("State", self._state()),
        ]

    def _cycle(self) -> str:
        return self._short(self.summary["cycle"]["name"])

    def _state(self) -> str:
        exemption = self.summary["exemption"]
        if exemption is not None:
            words = shortened(exemption["words"], self.room.words)
            reason = ExemptReason(exemption["reason"]).label.lower()
            return f"No appraisal in this cycle: {reason}{'. ' if words else ''}{words}"
        signed = self.summary["status"] == "signed_off"
        return "Signed off by both" if signed else "Open: not signed off yet"

    def _objective(self, objective: Part) -> dict[str, str]:
        agreed = "Not agreed yet"
        if objective["agreed_at"]:
            agreed = f"Agreed by {self._name(objective['agreed_by'])} on {on(objective['agreed_at'])}"
        return {"text": shortened(objective["text"], self.room.words), "note": agreed}

    def _talk(self, talk: Part | None) -> dict[str, str] | None:
        if talk is None:
            return None
        said = f"Held on {on(talk['held_on'])}: {TalkOutcome(talk['outcome']).label.lower()}."
        return {"said": said, "words": shortened(talk["words"], self.room.words)}

    def _visit(self, activity: Part) -> dict[str, str]:
        visited = activity["part"] == ActivityPart.VISITED
        there = activity["to"] if visited else activity["from"]
        with_whom = f"{'with' if visited else 'received'} {self._short(activity['partner'])}"
        state = ActivityState(activity["state"]).label
        came = self._short(activity["outcome"] or "")
        return {
            "when": span(activity["starts_on"], activity["ends_on"]),
            "what": self._short(activity["title"]),
            "who": f"{self._short(there['name'])}, {with_whom}{'. Later: ' if came else ''}{came}",
            "length": half_days(activity["half_days"]),
            "state": state,
        }

    def _learned(self) -> list[Part]:
        return [activity for activity in self.summary["activities"] if activity["evidence"]]

    def _note(self, activity: Part) -> dict[str, Any]:
        note = activity["evidence"]
        by = f"Released by {self._name(note['author'])} on {on(note['released_at'])}. Not acknowledged yet."
        if note["acknowledged_at"]:
            comment = shortened(note["comment"], self.room.words)
            by = f"Acknowledged by {self._name(note['acknowledged_by'])} on {on(note['acknowledged_at'])}"
            by = f"{by}{': ' if comment else '.'}{comment}"
        return {
            "title": self._short(activity["title"]),
            "answers": [
                {name: shortened(answer[name], self.room.words) for name in ("question", "answer")}
                for answer in self._first(note["answers"])
            ],
            "more": self._more(note["answers"]),
            "acknowledged": by,
        }

    def _addition(self, addition: Part) -> dict[str, str]:
        note = f"{self._name(addition['author'])}, {on(addition['at'])}"
        return {"words": shortened(addition["words"], self.room.words), "note": note}

    def _signed(self) -> list[tuple[str, str]]:
        given = self.summary["signatures"]
        by = self._name(given["appraiser"] or self.summary["appraiser"])
        person_at, appraiser_at = given["person_at"], given["appraiser_at"]
        return [
            (self._name(self.summary["person"]), f"Signed on {on(person_at)}" if person_at else NOT_SIGNED),
            (
                by or "The appraiser",
                f"Signed on {on(appraiser_at)}" if appraiser_at else NOT_SIGNED,
            ),
        ]

    def _name(self, somebody: Part | None) -> str:
        return self._short(somebody["name"]) if somebody else ""

    def _short(self, text: str) -> str:
        return shortened(text, self.room.name, "…")

    def _first(self, rows: list[Part]) -> list[Part]:
        return rows[: self.room.items]

    def _more(self, rows: list[Part]) -> str | None:
        left = len(rows) - self.room.items
        return f"And {left} more: continued in the record." if left > 0 else None


def on(value: str) -> str:
    """Format an ISO day or time from the JSON as a day like "3 March 2026"."""
    at = dt.datetime.fromisoformat(value)
    return dateformat(timezone.localtime(at) if at.tzinfo else at, "j F Y")


def span(first: str, last: str) -> str:
    """Format a range of days."""
    return on(first) if first == last else f"{on(first)} to {on(last)}"
