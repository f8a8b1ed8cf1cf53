"""The demo organisation's tree: sites and departments from its own table and texts."""

from __future__ import annotations

import csv
from pathlib import Path

from departments.enums import DepartmentKind
from departments.models import Department, Site
from shadowing.demo.content import DEPARTMENTS

TABLE = Path(__file__).with_name("departments.csv")
SITES = {
    "Exchange Station": "Exchange Station, city centre",
    "Byrom Street": "Byrom Street campus, main reception",
    "Mount Pleasant": "Mount Pleasant campus, library entrance",
    "IM Marsh": "IM Marsh campus, gate lodge",
    "Remote": "",
}
MONOGRAMS = {
    "RCOO": "RC", "REGOFF": "RO", "ACREG": "AR", "ITS": "IT", "LIB": "LS", "COMMS": "CC",
    "INTL": "IR", "SRMA": "MA", "ESTATES": "ES", "STRAT": "SS", "HSE": "HS", "DOCTORAL": "DA",
}  # fmt: skip


def rows() -> list[dict[str, str]]:
    """The lines of the table, parents first."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def plant() -> dict[str, Department]:
    """Create sites and departments; return the departments by code."""
    sites = {name: _site(name, address) for name, address in SITES.items()}
    texts = _texts()
    tree: dict[str, Department] = {}
    for row in rows():
        parent = tree.get(row["parent_code"])
        tree[row["code"]] = _department(row, parent, sites, texts.get(row["code"], ("", "")))
    return tree


def _site(name: str, address: str) -> Site:
    site, _ = Site.objects.get_or_create(name=name, defaults={"address": address})
    return site


def _texts() -> dict[str, tuple[str, str]]:
    """Who we are and what a visitor can see, by code."""
    texts = {team.code: (team.who_we_are, team.visitors_see) for d in DEPARTMENTS for team in d.teams}
    return texts | {d.code: (d.who_we_are, d.visitors_see) for d in DEPARTMENTS}


def _department(
    row: dict[str, str], parent: Department | None, sites: dict[str, Site], texts: tuple[str, str]
) -> Department:
    """A team carries its department's colour and monogram: a crossing is drawn between departments.

    One that is there already, from an import, keeps its name and place and gets only the texts it lacks.
    """
    unit = row["parent_code"] if row["kind"] == DepartmentKind.TEAM else row["code"]
    who_we_are, visitors_see = texts
    department: Department
    department, created = Department.objects.get_or_create(
        code=row["code"],
        defaults={
            "name": row["name"],
            "kind": row["kind"],
            "parent": parent,
            "summary": who_we_are or row["summary"],
            "visitors_see": visitors_see,
            "contact_email": row["contact_email"],
            "site": sites[row["site"]],
            "colour": list(MONOGRAMS).index(unit) + 1,
            "monogram": MONOGRAMS[unit],
        },
    )
    if not created and not department.visitors_see:
        department.visitors_see, department.site = visitors_see, department.site or sites[row["site"]]
        department.summary = who_we_are or department.summary
        department.save(update_fields=["visitors_see", "site", "summary"])
    return department
