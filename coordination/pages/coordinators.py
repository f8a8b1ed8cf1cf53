"""The branches of the tree with their coordinators, as somebody who coordinates sees them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.urls import reverse
from django.utils.crypto import salted_hmac

from accounts.models import Person
from coordination.pages.coordinator_scope import Remit
from coordination.workflow.coordinators import Leaving, what_if_ended
from departments.models import Coordinator, Department
from shadowing.offers.filters import INDENT, Directory, Node

GRANTS = (
    "See requests and visits from and to the branch, and how far they are.",
    "Send reminders, and name somebody else to decide where an answer is missing.",
    "Offer visits for its departments, and help its hosts with theirs.",
    "Name other coordinators in the branch, and announce something to its people.",
)
NOT_GRANTED = "They do not read reflections, appraisals, or why a line manager said no."


@dataclass(frozen=True)
class Holder:
    """One coordinator of a branch; an address is empty where the viewer may not."""

    person: Person
    is_you: bool
    end_url: str
    hand_over_url: str


@dataclass(frozen=True)
class BranchRow:
    """A branch that has coordinators of its own."""

    node: Node
    above: str
    holders: list[Holder]
    name_url: str


def coordinated(remit: Remit, directory: Directory) -> list[BranchRow]:
    """The branches in the remit that have coordinators, in the order of the tree: one query."""
    entries = defaultdict(list)
    for entry in Coordinator.objects.select_related("person").order_by("person__last_name", "pk"):
        entries[entry.department_id].append(entry)
    may = in_remit(remit, directory)
    return [
        BranchRow(
            node,
            _above(node, directory),
            [_holder(entry, node, remit, directory) for entry in entries[node.pk]],
            f"{reverse('coordination:coordinator-create')}?department={node.code}",
        )
        for _, node in directory.outline
        if node.pk in may and entries[node.pk]
    ]


def in_remit(remit: Remit, directory: Directory) -> frozenset[int]:
    """The departments for which the viewer may name somebody."""
    return frozenset(directory.departments) if remit.everywhere else remit.branch | remit.served


def branch_choices(remit: Remit, directory: Directory) -> list[tuple[str, str]]:
    """Code and indented name of each, in the order of the tree."""
    may = in_remit(remit, directory)
    return [(node.code, INDENT * depth + node.name) for depth, node in directory.outline if node.pk in may]


def uncovered(remit: Remit, directory: Directory) -> list[Node]:
    """Departments at the top and just below without any coordinator in or above them."""
    held = set(Coordinator.objects.filter(person__is_active=True).values_list("department", flat=True))
    may = in_remit(remit, directory)
    return [
        node
        for depth, node in directory.outline
        if depth == 1 and node.pk in may and node.is_open and held.isdisjoint(_line(node, directory))
    ]


def ending_sentences(leaving: Leaving, department: Department, person: Person) -> list[str]:
    """What happens when ``person`` ends there: said before it is done."""
    names = ", ".join(each.full_name for each in leaving.others) or "nobody: the scheme has no coordinator"
    said = [f"{person.full_name} is told by mail, and opens this branch on the desk no longer."]
    if leaving.is_last:
        said.append(
            f"{department.name} then has no coordinator of its own. Whatever is stuck there goes to {names}."
        )
    if leaving.items:
        things = "One thing that waits" if leaving.items == 1 else f"{leaving.items} things that wait"
        go = "goes" if leaving.items == 1 else "go"
        said.append(f"{things} for them now {go} to {names}; we tell them by mail.")
    return said


def ending(department: Department, person: Person) -> list[str]:
    """The sentences of the page that ends a coordinator."""
    return ending_sentences(what_if_ended(department, person), department, person)


def reference_of(entry: Coordinator) -> str:
    """What stands in addresses for one coordinator of one branch: nobody can guess the next."""
    return salted_hmac("shadowing.coordinators", f"{entry.department_id}:{entry.person_id}").hexdigest()[:20]


def _holder(entry: Coordinator, node: Node, remit: Remit, directory: Directory) -> Holder:
    you = entry.person_id == remit.person.pk
    by_office = remit.everywhere or node.pk in remit.served
    may = you or by_office or (node.parent is not None and node.parent in remit.branch)
    at = [node.code, reference_of(entry)]
    return Holder(
        person=entry.person,
        is_you=you,
        end_url=reverse("coordination:coordinator-end", args=at) if may else "",
        hand_over_url=reverse("coordination:coordinator-hand-over", args=at) if may else "",
    )


def _above(node: Node, directory: Directory) -> str:
    names = [directory.departments[pk].name for pk in _line(node, directory)[1:]]
    return " · ".join(reversed(names))


def _line(node: Node, directory: Directory) -> list[int]:
    line, at = [node.pk], node.parent
    while at is not None and at not in line:
        line.append(at)
        at = directory.departments[at].parent
    return line
