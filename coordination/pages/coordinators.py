"""The branches and their coordinators, as another coordinator sees them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.urls import reverse
from django.utils.crypto import salted_hmac

from accounts.models import Person
from coordination.pages.coordinator_scope import CoordinatorScope
from coordination.workflow.coordinators import EndingPreview, preview_ending
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
    """One coordinator of a branch; a URL is empty when the viewer may not do it."""

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


def coordinated(scope: CoordinatorScope, directory: Directory) -> list[BranchRow]:
    """Return the branches in the scope that have coordinators, in tree order; takes one query."""
    entries = defaultdict(list)
    for entry in Coordinator.objects.select_related("person").order_by("person__last_name", "pk"):
        entries[entry.department_id].append(entry)
    may = departments_in_scope(scope, directory)
    return [
        BranchRow(
            node,
            _above(node, directory),
            [_holder(entry, node, scope, directory) for entry in entries[node.pk]],
            f"{reverse('coordination:coordinator-create')}?department={node.code}",
        )
        for _, node in directory.outline
        if node.pk in may and entries[node.pk]
    ]


def departments_in_scope(scope: CoordinatorScope, directory: Directory) -> frozenset[int]:
    """Return the departments for which the viewer may name coordinators."""
    return frozenset(directory.departments) if scope.everywhere else scope.branch | scope.served


def branch_choices(scope: CoordinatorScope, directory: Directory) -> list[tuple[str, str]]:
    """Return code and indented name of each department in the scope, in tree order."""
    may = departments_in_scope(scope, directory)
    return [(node.code, INDENT * depth + node.name) for depth, node in directory.outline if node.pk in may]


def uncovered(scope: CoordinatorScope, directory: Directory) -> list[Node]:
    """Return the departments just below the top that have no coordinator in or above them."""
    held = set(Coordinator.objects.filter(person__is_active=True).values_list("department", flat=True))
    may = departments_in_scope(scope, directory)
    return [
        node
        for depth, node in directory.outline
        if depth == 1 and node.pk in may and node.is_open and held.isdisjoint(_line(node, directory))
    ]


def ending_sentences(preview: EndingPreview, department: Department, person: Person) -> list[str]:
    """Return the sentences that say what happens when ``person`` ends as coordinator."""
    names = ", ".join(each.full_name for each in preview.others) or "nobody: the scheme has no coordinator"
    said = [f"{person.full_name} is told by mail, and opens this branch on the desk no longer."]
    if preview.is_last:
        said.append(
            f"{department.name} then has no coordinator of its own. Whatever is stuck there goes to {names}."
        )
    if preview.items:
        things = "One thing that waits" if preview.items == 1 else f"{preview.items} things that wait"
        go = "goes" if preview.items == 1 else "go"
        said.append(f"{things} for them now {go} to {names}; we tell them by mail.")
    return said


def ending(department: Department, person: Person) -> list[str]:
    """Return the sentences of the page that ends a coordinator."""
    return ending_sentences(preview_ending(department, person), department, person)


def reference_of(entry: Coordinator) -> str:
    """Return the reference of one coordinator in URLs; it cannot be guessed."""
    return salted_hmac("shadowing.coordinators", f"{entry.department_id}:{entry.person_id}").hexdigest()[:20]


def _holder(entry: Coordinator, node: Node, scope: CoordinatorScope, directory: Directory) -> Holder:
    you = entry.person_id == scope.person.pk
    by_office = scope.everywhere or node.pk in scope.served
    may = you or by_office or (node.parent is not None and node.parent in scope.branch)
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
