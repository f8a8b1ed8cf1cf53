"""Template tag for the calendar feed of a department, on its page."""

from __future__ import annotations

from django import template

from departments.models import Department
from shadowing.offers.feeds import address_of

register = template.Library()


@register.inclusion_tag("departments/calendar.html")
def department_calendar(department: Department) -> dict[str, str]:
    """Return the URLs of the feed with the open dates of a department and its teams."""
    address = address_of(department)
    return {"address": address, "subscribe": f"webcal://{address.partition('://')[2]}"}
