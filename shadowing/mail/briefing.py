"""The briefing: facts an approver sees before deciding, on the page and in the mail."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from shadowing.models import Request, Visit
from shadowing.rules.durations import approved_minutes, counted_if_agreed, minutes_in, more_time
from shadowing.rules.rules import days_begun, days_of, half_days_used

QUESTIONS = (
    "Does it help in the present role?",
    "Is it real development for the person?",
    "Can the team cover the time?",
)
# How many colleagues who are away are shown by name.
AWAY_SHOWN = 20


@dataclass(frozen=True)
class ColleagueOnVisit:
    """A colleague in the same team who is on a visit in the window."""

    name: str
    starts_at: dt.datetime
    ends_at: dt.datetime


@dataclass(frozen=True)
class Briefing:
    """Half-days used of the cap in this cycle, and colleagues in the team who are away then."""

    used: int
    cap: int
    away: list[ColleagueOnVisit]
    takes: int = 1  # half-days of this visit: of the proposed dates, else as requested
    more_time: str = ""  # sentence, if the proposed dates take more than the time agreed to
    only_longer: bool = False  # whether the proposed dates differ in nothing else
    questions: tuple[str, ...] = QUESTIONS

    @property
    def left(self) -> int:
        """Return the half-days left under the cap before this request."""
        return max(0, self.cap - self.used)


def briefing_for(request: Request) -> Briefing:
    """Return the briefing for the decision on ``request``, by the proposed dates if there are any."""
    times = list(request.proposed_visits.values_list("starts_at", "ends_at"))
    approved, cap = approved_minutes(request), request.offer.scheme.cap_half_days
    if not times:
        used = half_days_used(request.shadow, request.window_starts)
        return Briefing(
            used, cap, _away(request, request.window_starts, request.window_ends), request.half_days
        )
    first, last = days_of(times)
    longer = more_time(minutes_in(times), approved)
    return Briefing(
        half_days_used(request.shadow, first),
        cap,
        _away(request, first, last),
        takes=counted_if_agreed(request, times),
        more_time=longer,
        only_longer=bool(longer) and request.within_agreed(*days_begun(times)),
    )


def _away(request: Request, first: dt.date, last: dt.date) -> list[ColleagueOnVisit]:
    team = Visit.objects.filter(
        stands=True,
        shadow__line_manager=request.shadow.line_manager_id or 0,
        starts_at__date__lte=last,
        ends_at__date__gte=first,
    ).exclude(shadow=request.shadow)
    visits = team.select_related("shadow").order_by("starts_at")[:AWAY_SHOWN]
    return [ColleagueOnVisit(visit.shadow.full_name, visit.starts_at, visit.ends_at) for visit in visits]
