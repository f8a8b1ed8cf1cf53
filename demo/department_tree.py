"""The demo organisation's tree: sites and departments from its own table and texts."""

from __future__ import annotations

import csv
from pathlib import Path

from demo.content import DEPARTMENTS
from departments.enums import DepartmentKind
from departments.identity import Identities
from departments.models import Department, Site

TABLE = Path(__file__).with_name("departments.csv")
SITES = {
    "Exchange Station": "Exchange Station, city centre",
    "Byrom Street": "Byrom Street campus, main reception",
    "Mount Pleasant": "Mount Pleasant campus, library entrance",
    "IM Marsh": "IM Marsh campus, gate lodge",
    "Remote": "",
}


def rows() -> list[dict[str, str]]:
    """Return the rows of the table, parents first."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def create_tree() -> dict[str, Department]:
    """Create sites and departments; return the departments by code."""
    sites = {name: _site(name, address) for name, address in SITES.items()}
    texts, identities = _texts(), Identities.of_the_tree()
    tree: dict[str, Department] = {}
    for row in rows():
        code, parent = row["code"], tree.get(row["parent_code"])
        tree[code] = Department.objects.filter(code=code).first() or _department(
            row, parent, sites, identities
        )
        _describe(tree[code], *texts.get(code, (row["summary"], "")), sites[row["site"]])
    return tree


def _site(name: str, address: str) -> Site:
    site, _ = Site.objects.get_or_create(name=name, defaults={"address": address})
    return site


def _texts() -> dict[str, tuple[str, str]]:
    """Return (who we are, what a visitor can see) by code."""
    texts = {team.code: (team.who_we_are, team.visitors_see) for d in DEPARTMENTS for team in d.teams}
    return texts | {d.code: (d.who_we_are, d.visitors_see) for d in DEPARTMENTS}


def _department(
    row: dict[str, str], parent: Department | None, sites: dict[str, Site], identities: Identities
) -> Department:
    unit = parent if row["kind"] == DepartmentKind.TEAM else None
    identity = identities.give(row["name"], unit=unit)
    department: Department = Department.objects.create(
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        parent=parent,
        contact_email=row["contact_email"],
        site=sites[row["site"]],
        colour=identity.colour,
        monogram=identity.monogram,
    )
    return department


def _describe(department: Department, who_we_are: str, visitors_see: str, site: Site) -> None:
    """Give a department its texts; texts that came from an import are kept."""
    department.summary = department.summary or who_we_are
    department.visitors_see = department.visitors_see or visitors_see
    department.site = department.site or site
    department.save(update_fields=["summary", "visitors_see", "site"])
