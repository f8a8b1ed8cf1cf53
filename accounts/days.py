"""Format dates for people, in the organisation's zone: "Tue 3 March, 10:00 to 13:00 (half a day)"."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.dateformat import format as dateformat

# The longest time that is half a day: what `when` has always called "half a day". A full day from 9 to 17:30
# or from 8:30 to 17, with its lunch, is two of them; so is the longest usual office day, 9 to 18.
HALF_DAY_MINUTES = 270
HALF_DAY = timedelta(minutes=HALF_DAY_MINUTES)


def day(value: date | datetime | None) -> str:
    """Format a day: "Tue 3 March", with the year when it is not this year."""
    if not value:
        return ""
    local = _local(value)
    return dateformat(local, "D j F" if local.year == _today().year else "D j F Y")


def by_day(value: date | None, word: str = "by") -> str:
    """Format a deadline: "by Tue 3 March", or "was due on Tue 3 March" once it is over."""
    if not value:
        return ""
    return f"was due on {day(value)}" if value < _today() else f"{word} {day(value)}"


def clock(value: datetime | None) -> str:
    """Format a time of day: "10:00"."""
    return dateformat(_local(value), "H:i") if value else ""


def moment(value: datetime | None) -> str:
    """Format when something happened: "Tue 3 March, 10:00"."""
    return f"{day(value)}, {clock(value)}" if value else ""


def when(start: datetime | None, end: datetime | None = None) -> str:
    """Format when a visit is: "Tue 3 March, 10:00 to 13:00 (half a day)"."""
    if not start:
        return ""
    if not end:
        return moment(start)
    if timezone.localdate(start) != timezone.localdate(end):
        night = end - start < timedelta(days=1)
        return f"{moment(start)} to {moment(end)}{' (ends the next day)' if night else ''}"
    length = "half a day" if end - start <= HALF_DAY else "a day"
    return f"{day(start)}, {clock(start)} to {clock(end)} ({length})"


def day_range(start: date | datetime | None, end: date | datetime | None) -> str:
    """Format a span of days without repeating words: "Tue 3 to Fri 13 March"."""
    if not start or not end:
        return day(start or end)
    first, last = _local(start), _local(end)
    if (first.year, first.month, first.day) == (last.year, last.month, last.day):
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{dateformat(first, 'D j')} to {day(last)}"
    return f"{day(first)} to {day(last)}"


def from_today(value: date | datetime | None) -> str:
    """Format how far a day is from today, for use beside the date: "today", "in 3 days", "2 days ago"."""
    if not value:
        return ""
    local = _local(value)
    days = (date(local.year, local.month, local.day) - _today()).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    if days in near:
        return near[days]
    return f"in {days} days" if days > 0 else f"{-days} days ago"


def half_days(number: int) -> str:
    """Format a number of half-days: "half a day", "1 day", "1½ days"."""
    whole, half = divmod(number, 2)
    if not whole:
        return "half a day" if half else "no time"
    return f"{whole}{'½' if half else ''} day{'' if (whole, half) == (1, 0) else 's'}"


def _local(value: date | datetime) -> date | datetime:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def _today() -> date:
    return timezone.localdate()
