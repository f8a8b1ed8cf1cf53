"""Who may say who takes part in an agreed visit. Nobody may add themselves: that is the step's own rule."""

from __future__ import annotations

from accounts.models import Person
from departments.models import Department
from shadowing.enums import Part
from shadowing.models import Placement
from shadowing.rules.participants import hosts_visit, part_of
from shadowing.rules.policies import sides_coordinated


def can_change_hosts(person: Person, placement: Placement) -> bool:
    """Add or take off a co-host: the hosts, and coordinators of the department visited; never the visitor.

    Whom of them each may take off, or make the host, is asked by the step itself.
    """
    if person.pk == placement.shadow_id:
        return False
    return hosts_visit(person, placement) or _coordinates_hosts(person, placement)


def steers_hosts(person: Person, placement: Placement) -> bool:
    """Whether they decide for all who host: the host, and coordinators of the department visited."""
    return person.pk == placement.host_id or _coordinates_hosts(person, placement)


def can_answer_joiner(person: Person, placement: Placement) -> bool:
    """Say whether somebody who joined may read what is written: the visitor alone."""
    return placement.shadow_id == person.pk


def can_comment(person: Person, placement: Placement) -> bool:
    """Say something about the plan: both sides, and of those who joined later who may read it."""
    return placement.shadow_id == person.pk or hosts_and_reads(person, placement)


def can_arrange_placement(person: Person, placement: Placement) -> bool:
    """Place, contact and agenda are the host's, and their co-hosts' who may read what was written."""
    return person.pk == placement.host_id or hosts_and_reads(person, placement)


def hosts_and_reads(person: Person, placement: Placement) -> bool:
    """Whether they host, and may read what is written."""
    part = part_of(person, placement)
    return part is not None and part.part != Part.VISITOR and part.reads


def _coordinates_hosts(person: Person, placement: Placement) -> bool:
    return placement.destination in sides_coordinated(person, placement)


def visit_sides_to_act_on(actor: Person, placement: Placement) -> list[Department]:
    """On which sides of a visit ``actor`` may act for others."""
    return [] if actor.pk == placement.shadow_id else sides_coordinated(actor, placement)
