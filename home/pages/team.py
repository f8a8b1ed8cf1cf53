"""The manager's team page: who talked, asked, visited and hosted this year, and what waits for them.

Few columns of the whole team are read, for counting and paging; details are read only for the rows shown.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, FilteredRelation, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from accounts.models import Delegation, Person, WaitingItem
from appraisals.enums import AppraisalStatus, AskKind, ExemptReason, TalkOutcome
from appraisals.models import Cycle
from shadowing.enums import WaitingKind
from shadowing.models import Request
from shadowing.placements.pages.team_visits import Year, caps_of, years_of

SHOWN = 40
MAX_TEAM = 2000  # nobody leads more people than this: more is an error in the HR file
NOT_TALKED = "not-talked"
# The manager's waiting items in display order, and the fragment of the appraisal's page that answers each.
WAITS: dict[str, tuple[str, str]] = {
    WaitingKind.MANAGER_DECISION: ("Decide on a request", ""),
    WaitingKind.ALLOW_MOVE: ("Decide on other dates", ""),
    AskKind.AGREE_OBJECTIVES: ("Agree objectives", "#objectives"),
    AskKind.ACKNOWLEDGE: ("Read what was learned", "#evidence"),
    AskKind.SIGN: ("Sign", "#sign"),
}
APPRAISAL_FIELDS = {
    "appraisal": F("present__pk"),
    "status": F("present__status"),
    "exempt_reason": F("present__exempt_reason"),
    "talk_on": F("present__talk_on"),
    "talk_outcome": F("present__talk_outcome"),
    "appraiser": F("present__appraiser"),
}
NAME_FIELDS = ("id", "first_name", "last_name", "job_title")
PERSON_FIELDS = ("pk", *NAME_FIELDS, "line_manager", "membership__department")


@dataclass(frozen=True)
class Wait:
    """A waiting item of the manager about one person."""

    label: str
    url: str


@dataclass(frozen=True)
class Row:
    """One person of the team.

    ``to_talk`` links to the conversation's form until the conversation is recorded.
    """

    name: str
    job_title: str
    url: str
    talked: str
    talked_on: dt.date | None
    to_talk: str
    asked: int
    year: Year
    cap: int | None
    waits: list[Wait]


@dataclass
class Group:
    """The people of one manager: of the viewer, or of somebody whose deputy they are."""

    leader: Person
    is_own: bool
    until: dt.date | None
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class TeamPage:
    """The data of the page; a URL is empty where there is no such page."""

    groups: list[Group]
    cycle: Cycle | None
    number: int
    not_talked: int
    only_not_talked: bool
    next_url: str
    first_url: str


def team_page(person: Person, query: Mapping[str, str]) -> TeamPage:
    """Return the team of ``person``, filtered and paged by ``query``."""
    today = timezone.localdate()
    cycle = Cycle.objects.at(today)
    groups = _groups(person, today)
    team = _team(person, groups, cycle)
    untalked = [member for member in team if _is_to_talk(member)]
    only = query.get("show") == NOT_TALKED
    chosen, page = untalked if only else team, _page(query.get("page", ""))
    for leader, row in _rows(chosen[(page - 1) * SHOWN : page * SHOWN], person, cycle):
        groups[leader].rows.append(row)
    return TeamPage(
        groups=[group for group in groups.values() if group.rows],
        cycle=cycle,
        number=len(team),
        not_talked=len(untalked),
        only_not_talked=only,
        next_url=_address(only=only, page=page + 1) if len(chosen) > page * SHOWN else "",
        first_url=_address(only=only) if page > 1 else "",
    )


def _groups(person: Person, today: dt.date) -> dict[int, Group]:
    """Return the groups that the viewer answers for: their own, then those of managers they deputise for."""
    acting = Delegation.objects.on(today).filter(deputy=person, manager__is_active=True)
    rows = acting.select_related("manager").order_by("manager__last_name", "manager__first_name", "manager")
    own = {person.pk: Group(person, is_own=True, until=None)}
    return own | {row.manager_id: Group(row.manager, is_own=False, until=row.ends_on) for row in rows}


def _team(person: Person, groups: Collection[int], cycle: Cycle | None) -> list[dict[str, Any]]:
    """Return the members in page order.

    These are reports, and people without a manager whose named appraiser leads them.
    """
    present = FilteredRelation("appraisals", condition=Q(appraisals__cycle=cycle.pk if cycle else 0))
    unled = Q(line_manager=None) | Q(line_manager__is_active=False)
    led = Q(line_manager__in=groups) | (unled & Q(present__appraiser__in=groups))
    rows = Person.objects.active().annotate(present=present).filter(led).exclude(pk=person.pk)
    in_order = rows.order_by("last_name", "first_name", "pk")
    found = [
        {**row, "leader": row["line_manager"] if row["line_manager"] in groups else row["appraiser"]}
        for row in in_order.values(*PERSON_FIELDS, **APPRAISAL_FIELDS, asked=_under_way())[:MAX_TEAM]
    ]
    place = {leader: number for number, leader in enumerate(groups)}
    return sorted(found, key=lambda member: place[member["leader"]])


def _is_to_talk(member: Mapping[str, Any]) -> bool:
    """Whether the conversation is still to be held."""
    return member["status"] != AppraisalStatus.EXEMPT and member["talk_on"] is None


def _rows(
    members: Sequence[Mapping[str, Any]], person: Person, cycle: Cycle | None
) -> Iterable[tuple[int, Row]]:
    """Yield a leader's key and a row for each member.

    The number of queries does not depend on their number.
    """
    at = {member["pk"]: member["membership__department"] for member in members}
    years, caps, waits = years_of(at, cycle), caps_of(at), _waits(person, at)
    people = [Person.from_db(None, NAME_FIELDS, [member[name] for name in NAME_FIELDS]) for member in members]
    names = {each.pk: each.full_name for each in people}
    for member in members:
        pk, url = member["pk"], _appraisal_url(member)
        outcome, talked_on = _talked(member)
        yield (
            member["leader"],
            Row(
                name=names[pk],
                job_title=member["job_title"],
                url=url,
                talked=outcome,
                talked_on=talked_on,
                to_talk=f"{url}#talk" if member["status"] == AppraisalStatus.OPEN and not talked_on else "",
                asked=member["asked"] or 0,
                year=years[pk],
                cap=caps.get(pk),
                waits=[_wait(kind, url) for kind in WAITS if kind in waits[pk]],
            ),
        )


def _appraisal_url(member: Mapping[str, Any]) -> str:
    return reverse("appraisals:detail", args=[member["appraisal"]]) if member["appraisal"] else ""


def _talked(member: Mapping[str, Any]) -> tuple[str, dt.date | None]:
    """Return the outcome and day of the conversation, or the reason why there is none."""
    if member["talk_on"] is not None:
        return TalkOutcome(member["talk_outcome"]).label, member["talk_on"]
    if member["appraisal"] is None:
        return "No appraisal yet", None
    if member["status"] == AppraisalStatus.EXEMPT:
        return f"Exempt: {ExemptReason(member['exempt_reason']).label.lower()}", None
    return "Not yet", None


def _wait(kind: str, url: str) -> Wait:
    label, place = WAITS[kind]
    return Wait(label, f"{url}{place}" if place else reverse("home:approvals"))


def _under_way() -> Subquery:
    """Return a subquery that counts the requests of each person that are under way."""
    theirs = Request.objects.under_way().filter(shadow=OuterRef("pk")).order_by().values("shadow")
    return Subquery(theirs.annotate(number=Count("pk")).values("number"))


def _waits(person: Person, people: Collection[int]) -> dict[int, set[str]]:
    """Return the kinds of waiting items that the viewer has about each person."""
    found: dict[int, set[str]] = defaultdict(set)
    items = WaitingItem.objects.awaiting(person).filter(about__in=people, kind__in=list(WAITS))
    for about, kind in items.order_by().values_list("about", "kind"):
        found[about].add(kind)
    return found


def _page(text: str) -> int:
    """Return the page number; an invalid number means the first page."""
    return min(max(int(text), 1), MAX_TEAM // SHOWN) if text.isascii() and text.isdigit() else 1


def _address(*, only: bool, page: int = 1) -> str:
    query = {"show": NOT_TALKED} if only else {}
    later = {"page": str(page)} if page > 1 else {}
    address = reverse("home:team")
    return f"{address}?{urlencode(query | later)}" if query | later else address
