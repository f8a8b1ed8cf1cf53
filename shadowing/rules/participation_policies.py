"""Policies on who may change the participants of a placement. The transition refuses to add oneself."""

from __future__ import annotations

from accounts.models import Person
from departments.models import Department
from shadowing.enums import Part
from shadowing.models import Placement
from shadowing.rules.participants import hosts_visit, part_of
from shadowing.rules.policies import sides_coordinated


def can_change_hosts(person: Person, placement: Placement) -> bool:
    """Allow hosts and coordinators of the department visited to add or remove a co-host; never the visitor.

    Which co-hosts each of them may remove, or make the host, is checked by the transition.
    """
    if person.pk == placement.shadow_id:
        return False
    return hosts_visit(person, placement) or _coordinates_hosts(person, placement)


def decides_on_hosts(person: Person, placement: Placement) -> bool:
    """Return whether they decide on all hosts: the host, or a coordinator of the department visited."""
    return person.pk == placement.host_id or _coordinates_hosts(person, placement)


def can_answer_joiner(person: Person, placement: Placement) -> bool:
    """Allow the visitor alone to consent that somebody who joined may read what is written."""
    return placement.shadow_id == person.pk


def can_comment(person: Person, placement: Placement) -> bool:
    """Allow both sides to comment on the agenda; of those who joined later, the ones who may read it."""
    return placement.shadow_id == person.pk or hosts_and_reads(person, placement)


def can_arrange_placement(person: Person, placement: Placement) -> bool:
    """Allow the host, and co-hosts who may read it, to set place, contact and agenda."""
    return person.pk == placement.host_id or hosts_and_reads(person, placement)


def hosts_and_reads(person: Person, placement: Placement) -> bool:
    """Return whether they host and may read what is written."""
    part = part_of(person, placement)
    return part is not None and part.part != Part.VISITOR and part.is_reader


def _coordinates_hosts(person: Person, placement: Placement) -> bool:
    return placement.destination in sides_coordinated(person, placement)


def visit_sides_to_act_on(actor: Person, placement: Placement) -> list[Department]:
    """Return the departments of a placement for which ``actor`` may act; none for the visitor."""
    return [] if actor.pk == placement.shadow_id else sides_coordinated(actor, placement)
