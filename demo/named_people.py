"""The nine people of the demo whom everybody can sign in as, and their roles."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "demo-shadowing"  # noqa: S105  # the demo's documented password; production refuses demo people


@dataclass(frozen=True, slots=True)
class Role:
    """A named person of the demo; ``leads``: whether they lead their team."""

    email: str
    first_name: str
    last_name: str
    job_title: str
    team: str
    leads: bool = False
    grade: int = 6
    superuser: bool = False


SHADOW = Role("shadow@example.ac.uk", "Siân", "Pritchard", "Library Supervisor", "LIB-1")
MANAGER = Role(
    "manager@example.ac.uk", "Margaret", "Okafor", "Customer Services Manager", "LIB-1", leads=True, grade=8
)
DEPUTY = Role(
    "deputy@example.ac.uk", "Daniel", "Whittaker", "Academic Engagement Manager", "LIB-2", leads=True, grade=8
)
HOST = Role("host@example.ac.uk", "Priya", "Banerjee", "Senior Service Desk Analyst", "ITS-1")
HOST_MANAGER = Role(
    "hostmanager@example.ac.uk", "Kwame", "Boateng", "Service Desk Manager", "ITS-1", leads=True, grade=8
)
COORDINATOR = Role("coordinator@example.ac.uk", "Aoife", "Brennan", "Change Officer", "REGOFF-4", grade=7)
DEPT_COORDINATOR = Role(
    "deptcoordinator@example.ac.uk", "Rosa", "Fernández", "Research Data Librarian", "LIB-3", grade=7
)
STRANGER = Role("stranger@example.ac.uk", "Grzegorz", "Nowak", "Porter", "ESTATES-2", grade=4)
ADMIN = Role(
    "admin@example.ac.uk", "Helen", "Achterberg", "Systems Analyst", "ITS-3", grade=7, superuser=True
)

CAST = (SHADOW, MANAGER, DEPUTY, HOST, HOST_MANAGER, COORDINATOR, DEPT_COORDINATOR, STRANGER, ADMIN)
EMAILS = frozenset(role.email for role in CAST)
