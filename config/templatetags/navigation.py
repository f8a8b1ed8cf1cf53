"""Navigation entries. Pages whose URL does not exist are left out."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django import template
from django.template import Context
from django.urls import NoReverseMatch, reverse

register = template.Library()

# name of the page, what people read, icon
Pages = tuple[tuple[str, str, str], ...]
MAIN = (
    ("home:home", "Home", "house"),
    ("shadowing:offer-list", "Find a visit", "search"),
    ("departments:list", "Departments", "buildings"),
    ("home:approvals", "For my decision", "person-check"),
    ("shadowing:my-offers", "My offers", "door-open"),
    ("appraisals:list", "My appraisal", "journal-check"),
)
LEADING = (("home:team", "My team", "people"),)
COORDINATING = (("coordination:desk", "Coordinate", "compass"),)
# Pages of the coordinator's desk: for all coordinators, for those of a scheme, for those of all schemes.
DESK = (
    ("coordination:desk-offers", "Offers to check", "door-open"),
    ("coordination:desk-people", "People", "people"),
    ("coordination:desk-place", "Place somebody", "plus-lg"),
    ("coordination:announcements", "Announcements", "bell"),
    ("coordination:suggestions", "Suggestions", "chat-left-text"),
    ("coordination:coordinators", "Coordinators", "person-check"),
)
RUNNING = (
    ("coordination:scheme-list", "Rules and texts", "list"),
    ("coordination:desk-notes", "Notes to the organisers", "envelope"),
)
EVERYWHERE = (
    ("coordination:not-talked", "Not talked yet", "chat-left-text"),
    ("coordination:cycles", "Appraisal cycles", "calendar-event"),
)
IMPORTING = (("admin:departments_hrimport_changelist", "HR imports", "download"),)
STAFF = (("admin:index", "Admin", "gear"),)
# The number beside an entry: its name in the context, and what it counts.
COUNTS = {
    "home:home": ("waiting_count", "waiting for you"),
    "coordination:desk": ("overdue_count", "overdue where you coordinate"),
}
ACCOUNT = (
    ("accounts:profile", "My profile", "person"),
    ("account_change_password", "Password", "key"),
    ("mfa_index", "Two-step sign-in", "shield-lock"),
)


@dataclass(frozen=True)
class Entry:
    """One entry; ``current`` is the value of aria-current, or empty; ``counted`` says what is counted."""

    href: str
    label: str
    symbol: str
    current: str
    count: int
    counted: str = ""


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> list[Entry]:
    """Return the main entries for the user, with the number of waiting items beside Home."""
    staff = getattr(context.get("user"), "is_staff", False)
    pages: Pages = MAIN
    for about, more in (("leads", LEADING), ("coordinates", COORDINATING)):
        pages += more if _context_value(context, about) else ()
    pages += STAFF if staff else ()
    return _entries(context, pages)


@register.simple_tag(takes_context=True)
def desk_navigation(context: Context) -> list[Entry]:
    """Return the entries of the coordinator's desk that the user may open."""
    pages: Pages = DESK
    for about, more in (("runs_schemes", RUNNING), ("runs_cycles", EVERYWHERE)):
        pages += more if _context_value(context, about) else ()
    user: Any = context.get("user")
    imports = getattr(user, "is_staff", False) and user.has_perm("departments.add_hrimport")
    return _entries(context, pages + (IMPORTING if imports else ()))


@register.simple_tag(takes_context=True)
def account_navigation(context: Context) -> list[Entry]:
    """Return the entries of the account menu."""
    return _entries(context, ACCOUNT)


def _entries(context: Context, pages: Pages) -> list[Entry]:
    path = getattr(context.get("request"), "path", "")
    section = str(context.get("section") or "")
    return [
        Entry(href, label, symbol, _current(href, path, name, section), *_count(name, context))
        for name, label, symbol in pages
        if (href := _address(name))
    ]


@cache
def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _current(href: str, path: str, name: str, section: str) -> str:
    if href == path:
        return "page"
    return "true" if name == section else ""


def _count(name: str, context: Context) -> tuple[int, str]:
    """Return the number beside an entry, and in words what it is the number of."""
    about, words = COUNTS.get(name, ("", ""))
    return (int(_context_value(context, about) or 0), words) if about else (0, "")


def _context_value(context: Context, name: str) -> Any:
    """Return a context value, called first if it is callable."""
    known: Callable[[], Any] | Any = context.get(name)
    return known() if callable(known) else known
