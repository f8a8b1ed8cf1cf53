"""The address of a department's calendar, for its page."""

from __future__ import annotations

from django import template

from departments.models import Department
from shadowing.offers.feeds import address_of

register = template.Library()


@register.inclusion_tag("departments/calendar.html")
def department_calendar(department: Department) -> dict[str, str]:
    """Where calendar programs find the dates one can ask for in a department and its teams."""
    address = address_of(department)
    return {"address": address, "subscribe": f"webcal://{address.partition('://')[2]}"}
