"""People in a coordinator's scope: department, approver, deputies, half-days and requests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core import signing
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.free_text import one_line
from accounts.models import Delegation, Person
from accounts.models.person import PersonQuerySet
from appraisals.models import Cycle
from coordination.pages.coordinator_scope import CoordinatorScope
from departments.models import Department
from shadowing.enums import UNDER_WAY, RequestStatus
from shadowing.models import Request
from shadowing.offers.filters import Directory, Node
from shadowing.placements.pages.team_visits import Year, caps_of, years_of

SIZE = 20
LATEST = 3
SALT = "shadowing.desk-people"
NOBODY = "Nobody: there is no line manager and no head above. The scheme’s coordinators decide."


@dataclass(frozen=True)
class RequestRow:
    """One request of a person."""

    title: str
    url: str
    state: str


@dataclass(frozen=True)
class PersonRow:
    """One person in the list."""

    name: str
    job_title: str
    email: str
    department: Node | None
    decides: str
    deputies: str
    half_days: str
    year: Year
    under_way: int
    requests: list[RequestRow]
    more_requests: int


@dataclass(frozen=True)
class PeoplePage:
    """One page of people; ``next_url`` is empty on the last page."""

    words: str
    rows: list[PersonRow]
    next_url: str
    first_url: str


def people_found(scope: CoordinatorScope, directory: Directory, query: Mapping[str, str]) -> PeoplePage:
    """Return the page of people whose name or email contains the search words; empty without words."""
    words, address = one_line(query.get("q", "")), reverse("coordination:desk-people")
    after = query.get("after", "")
    people = list(_beyond(_people_in_scope(scope, words), after)[: SIZE + 1]) if words else []
    more, people = len(people) > SIZE, people[:SIZE]
    following = {"q": words, "after": signing.dumps(people[-1].pk, salt=SALT)} if more else {}
    return PeoplePage(
        words=words,
        rows=list(_rows(people, scope, directory)),
        next_url=f"{address}?{urlencode(following)}" if following else "",
        first_url=f"{address}?{urlencode({'q': words})}" if after and words else "",
    )


def _people_in_scope(scope: CoordinatorScope, words: str) -> PersonQuerySet:
    people: PersonQuerySet = Person.objects.named(words)
    if not scope.everywhere:
        people = people.filter(membership__department__in=scope.branch | scope.served)
    related = people.select_related("line_manager", "membership")
    return related.order_by("last_name", "first_name", "pk")


def _beyond(people: PersonQuerySet, after: str) -> PersonQuerySet:
    """Return the people after the signed position ``after``; an invalid position means from the start."""
    try:
        last = Person.objects.filter(pk=signing.loads(after, salt=SALT)).first() if after else None
    except signing.BadSignature:
        last = None
    if last is None:
        return people
    same = Q(last_name=last.last_name)
    return people.filter(
        Q(last_name__gt=last.last_name)
        | (same & Q(first_name__gt=last.first_name))
        | (same & Q(first_name=last.first_name, pk__gt=last.pk))
    )


def _rows(people: Sequence[Person], scope: CoordinatorScope, directory: Directory) -> Iterator[PersonRow]:
    """Yield the rows; the number of queries does not depend on how many there are."""
    at = {
        person.pk: person.membership.department_id if hasattr(person, "membership") else None
        for person in people
    }
    if not at:
        return
    years, caps = years_of(at, Cycle.objects.at(timezone.localdate())), caps_of(at)
    asked, deciders = _asked(people, scope.person), _deciders(people, at, directory)
    deputies = _deputies({decider.pk for decider in deciders.values() if decider})
    for person in people:
        department, decider, year = at[person.pk], deciders[person.pk], years[person.pk]
        theirs = asked[person.pk]
        yield PersonRow(
            name=person.full_name,
            job_title=person.job_title,
            email=person.email,
            department=directory.departments.get(department) if department else None,
            decides=_decides(person, decider),
            deputies=" and ".join(deputies[decider.pk]) if decider else "",
            half_days=f"{year.used} of {caps[person.pk]}" if person.pk in caps else str(year.used),
            year=year,
            under_way=sum(request.status in UNDER_WAY for request in theirs),
            requests=[_request(request) for request in theirs[:LATEST]],
            more_requests=max(len(theirs) - LATEST, 0),
        )


def _asked(people: Sequence[Person], viewer: Person) -> dict[int, list[Request]]:
    """Return the requests that the viewer may see, newest first, by person.

    Only title and state are loaded.
    """
    found: dict[int, list[Request]] = defaultdict(list)
    rows = Request.objects.visible_to(viewer).filter(shadow__in=people).select_related("offer")
    for request in rows.only("shadow", "status", "created_at", "offer__title").order_by("-created_at", "pk"):
        found[request.shadow_id].append(request)
    return found


def _request(request: Request) -> RequestRow:
    return RequestRow(request.offer.title, request.get_absolute_url(), RequestStatus(request.status).label)


def _deciders(
    people: Sequence[Person], at: Mapping[int, int | None], directory: Directory
) -> dict[int, Person | None]:
    """Return the approver of each person, as ``approvers.line_manager_for`` would.

    Heads are read in one query.
    """
    found = {person.pk: _manager(person) for person in people}
    if all(found.values()):
        return found
    heads = {
        department.pk: department.head
        for department in Department.objects.without_tree_fields()
        .filter(head__is_active=True)
        .select_related("head")
    }
    for person in people:
        found[person.pk] = found[person.pk] or _head_above(person, at[person.pk], heads, directory)
    return found


def _manager(person: Person) -> Person | None:
    manager = person.line_manager
    return manager if manager is not None and manager.is_active else None


def _head_above(
    person: Person, department: int | None, heads: Mapping[int, Person | None], directory: Directory
) -> Person | None:
    while department is not None:
        head = heads.get(department)
        if head is not None and head != person:
            return head
        node = directory.departments.get(department)
        department = node.parent if node is not None else None
    return None


def _decides(person: Person, decider: Person | None) -> str:
    if decider is None:
        return NOBODY
    if decider.pk == person.line_manager_id:
        return f"{decider.full_name}, line manager"
    return f"{decider.full_name}, who heads the branch: there is no active line manager"


def _deputies(managers: set[int]) -> dict[int, list[str]]:
    """Return the names of today's deputies of each manager."""
    found: dict[int, list[str]] = defaultdict(list)
    today = Delegation.objects.on(timezone.localdate()).filter(manager__in=managers, deputy__is_active=True)
    for entry in today.select_related("deputy"):
        found[entry.manager_id].append(entry.deputy.full_name)
    return found
