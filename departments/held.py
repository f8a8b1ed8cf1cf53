"""What departments hold about a person: where they belong, and which branch they head or coordinate."""

from __future__ import annotations

from accounts.protection.columns import nobodys
from accounts.protection.held import Kind, register
from departments.models import Coordinator, Department, Membership

register(
    Kind(
        name="place",
        title="Where I belong",
        model=Membership,
        by=("person",),
        shows={"Department": "department__name", "Site": "site__name"},
    ),
    Kind(
        name="heads",
        title="Departments I head",
        model=Department,
        by=("head",),
        shows={"Department": "name", "Code": "code"},
    ),
    Kind(
        name="coordinates",
        title="Branches I coordinate",
        model=Coordinator,
        by=("person",),
        shows={"Department": "department__name"},
    ),
)
nobodys("What the organisation says of itself.", "departments.Department", "departments.Site")
