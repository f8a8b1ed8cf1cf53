"""What a line manager sees before deciding, on the page and in the mail."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from shadowing.models import Request, Visit
from shadowing.rules import half_days_used

QUESTIONS = (
    "Does it help in the present role?",
    "Is it real development for the person?",
    "Can the team cover the time?",
)
# Names shown of who else is away; the count says the rest.
AWAY_SHOWN = 20


@dataclass(frozen=True)
class Away:
    """Somebody of the same team who is on a placement in the window."""

    name: str
    starts_at: dt.datetime
    ends_at: dt.datetime


@dataclass(frozen=True)
class Briefing:
    """Half-days already agreed this cycle, the cap, and who else in the team is away then."""

    used: int
    cap: int
    away: list[Away]
    questions: tuple[str, ...] = QUESTIONS

    @property
    def left(self) -> int:
        """Half-days left under the cap before this request."""
        return max(0, self.cap - self.used)


def briefing_for(request: Request) -> Briefing:
    """Gather the facts for the decision on ``request``."""
    used = half_days_used(request.shadow, request.window_starts)
    return Briefing(used, request.offer.scheme.cap_half_days, _away(request))


def _away(request: Request) -> list[Away]:
    team = Visit.objects.filter(
        stands=True,
        shadow__line_manager=request.shadow.line_manager_id or 0,
        starts_at__date__lte=request.window_ends,
        ends_at__date__gte=request.window_starts,
    ).exclude(shadow=request.shadow)
    visits = team.select_related("shadow").order_by("starts_at")[:AWAY_SHOWN]
    return [Away(visit.shadow.full_name, visit.starts_at, visit.ends_at) for visit in visits]
