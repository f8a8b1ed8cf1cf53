"""People of the demo organisation: heads, team leaders, members, deputies and coordinators."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice

from django.utils import timezone

from accounts.models import Delegation, Person
from demo import named_people
from demo.content import DEPARTMENTS
from demo.demo_days import Days
from demo.other_people import Crowd
from demo.text_types import TeamText
from departments.models import Coordinator, Department, Membership

NAMED_DATES = {"start_date": dt.date(2017, 9, 4), "probation_end": dt.date(2018, 3, 5)}
# Larger departments occur more often.
SHARES = (*(d.code for d in DEPARTMENTS), "ESTATES", "ESTATES", "ITS", "LIB", "ACREG", "SRMA")
LEFT = 4
# Team leader, deputy, first and last day in working days from today.
DEPUTIES = (("ITS-3", "ITS-2", -5, 20), ("ACREG-2", "ACREG-1", -40, -30), ("COMMS-4", "COMMS-1", 10, 15))
OPEN_ENDED = ("HSE-1", "HSE-4", -10)


@dataclass
class Organisation:
    """Everybody, by team and role."""

    tree: dict[str, Department]
    leaders: dict[str, Person] = field(default_factory=dict)
    members: dict[str, list[Person]] = field(default_factory=dict)

    def named(self, role: named_people.Role) -> Person:
        """Return one of the named people."""
        team = [self.leaders[role.team], *self.members[role.team]]
        return next(person for person in team if person.email == role.email)

    def people_of(self, team: str) -> list[Person]:
        """Return active members of a team, without its leader and the named people."""
        return [p for p in self.members[team] if p.is_active and p.email not in named_people.EMAILS]

    def teams_of(self, department: str) -> list[str]:
        """Return the codes of a department's teams."""
        return [code for code in self.members if code.startswith(f"{department}-")]


def populate(crowd: Crowd, tree: dict[str, Department], people: int, days: Days) -> Organisation:
    """Create ``people`` people in all, with their roles and deputies."""
    organisation = Organisation(tree)
    _appoint_heads(crowd, organisation)
    _appoint_leaders(crowd, organisation)
    _fill_teams(crowd, organisation, people - len(organisation.leaders))
    _deactivate_leavers(organisation)
    _name_coordinators(organisation)
    _name_deputies(organisation, days)
    return organisation


def texts_of_teams() -> Iterator[TeamText]:
    """Return every team's text, in the order of the departments."""
    return (team for department in DEPARTMENTS for team in department.teams)


def _appoint_heads(crowd: Crowd, organisation: Organisation) -> None:
    """Create the heads: the Registrar leads the division and their own office; directors report to them."""
    registrar = None
    for text in DEPARTMENTS:
        head = crowd.person(text.head, 10, registrar)
        head.save()
        registrar = registrar or head
        organisation.leaders[text.code] = head
        _add_memberships([head], organisation.tree[text.code])
        Department.objects.filter(code=text.code).update(head=head)
    Department.objects.filter(code="RCOO").update(head=registrar)


def _appoint_leaders(crowd: Crowd, organisation: Organisation) -> None:
    roles = {role.team: role for role in named_people.CAST if role.leads}
    for team in texts_of_teams():
        head = organisation.leaders[team.code.split("-")[0]]
        role = roles.get(team.code)
        leader = _named(crowd, role, head) if role else crowd.person(team.jobs[0], 8, head)
        leader.save()
        organisation.leaders[team.code] = leader
        _add_memberships([leader], organisation.tree[team.code])
        Department.objects.filter(code=team.code).update(head=leader)


def _fill_teams(crowd: Crowd, organisation: Organisation, left: int) -> None:
    teams: dict[str, list[Person]] = {team.code: [] for team in texts_of_teams()}
    for role in named_people.CAST:
        if not role.leads:
            teams[role.team].append(_named(crowd, role, organisation.leaders[role.team]))
            left -= 1
    for team in islice(cycle(_turns()), max(left, 0)):
        leader = organisation.leaders[team.code]
        title = team.jobs[1 + len(teams[team.code]) % (len(team.jobs) - 1)]
        week = crowd.week(shifts=team.code.startswith("ESTATES") or team.code in {"LIB-1", "ITS-1"})
        teams[team.code].append(crowd.person(title, crowd.rng.randint(3, 7), leader, **week))
    for code, members in teams.items():
        Person.objects.bulk_create(members)
        _add_memberships(members, organisation.tree[code])
    organisation.members = teams


def _turns() -> list[TeamText]:
    """Return the order in which teams get members."""
    by_code = {d.code: d.teams for d in DEPARTMENTS}
    return [by_code[code][turn] for turn in range(4) for code in SHARES]


def _named(crowd: Crowd, role: named_people.Role, manager: Person) -> Person:
    return crowd.person(
        role.job_title,
        role.grade,
        manager,
        email=role.email,
        first_name=role.first_name,
        last_name=role.last_name,
        is_staff=role.superuser,
        is_superuser=role.superuser,
        **NAMED_DATES,
    )


def _add_memberships(people: Iterable[Person], department: Department) -> None:
    """Create the memberships of ``people`` in ``department``."""
    Membership.objects.bulk_create(
        Membership(person=person, department=department, site=department.site) for person in people
    )


def _deactivate_leavers(organisation: Organisation) -> None:
    """Deactivate a few people, who have left."""
    for team in list(organisation.members)[::11][:LEFT]:
        leaver = organisation.members[team][-1]
        if leaver.email not in named_people.EMAILS:
            leaver.is_active = False
            leaver.save(update_fields=["is_active"])


def _name_coordinators(organisation: Organisation) -> None:
    """Give each department a coordinator: a member of its last team; in the library the named one."""
    for text in DEPARTMENTS:
        team = organisation.teams_of(text.code)[-1]
        person = organisation.people_of(team)[0]
        if text.code == "LIB":
            person = organisation.named(named_people.DEPT_COORDINATOR)
        Coordinator.objects.create(department=organisation.tree[text.code], person=person)


def _name_deputies(organisation: Organisation, days: Days) -> None:
    leaders = organisation.leaders
    for manager, deputy, first, last in DEPUTIES:
        Delegation.objects.create(
            manager=leaders[manager],
            deputy=leaders[deputy],
            starts_on=_day(days, first),
            ends_on=_day(days, last),
        )
    manager, deputy, first = OPEN_ENDED
    Delegation.objects.create(manager=leaders[manager], deputy=leaders[deputy], starts_on=_day(days, first))
    # Delegations that have begun count as announced, so that no mail is sent when the demo starts.
    Delegation.objects.filter(starts_on__lte=days.today).update(announced_at=timezone.now())


def _day(days: Days, working_days: int) -> dt.date:
    return days.ahead(working_days) if working_days > 0 else days.back(-working_days)
