"""The crossing: a drawing of "from this department to that one" for pages and mails."""

from typing import Any

from django import template

from departments.models import Department

register = template.Library()

STATES = {
    "asked": "asked for",
    "agreed": "agreed",
    "kept": "took place",
    "returned": "agreed, with a return visit",
    "ended": "ended",
}
SIZES = ("chip", "line", "hero")


@register.inclusion_tag("components/crossing.html")
def crossing(
    origin: Department | None,
    destination: Department | None,
    state: str,
    size: str = "line",
) -> dict[str, Any]:
    """Draw the crossing; the size is chip, line or hero."""
    return {
        **_described(origin, destination, state),
        "size": size if size in SIZES else "line",
    }


@register.inclusion_tag("emails/crossing.html")
def mail_crossing(origin: Department | None, destination: Department | None, state: str) -> dict[str, Any]:
    """Draw the crossing in a simple form that mail programs can show."""
    return _described(origin, destination, state)


def _described(origin: Department | None, destination: Department | None, state: str) -> dict[str, Any]:
    ends = [_end(origin), _end(destination)]
    words = STATES[state]
    return {
        "origin": ends[0],
        "destination": ends[1],
        "state": state,
        "words": words,
        "sentence": f"From {ends[0]['name']} to {ends[1]['name']}, {words}",
    }


def _end(department: Department | None) -> dict[str, Any]:
    if department is None:
        return {"name": "no department yet", "monogram": "–", "colour": "none"}
    return {
        "name": department.name,
        "monogram": department.monogram,
        "colour": department.colour,
    }
