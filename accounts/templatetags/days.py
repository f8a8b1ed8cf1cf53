"""Template filters that format dates with accounts.days."""

from django import template

from accounts import days

register = template.Library()
register.filter("day", days.day)
register.filter("by_day", days.by_day)
register.filter("clock", days.clock)
register.filter("moment", days.moment)
register.filter("when", days.when)
register.filter("day_range", days.day_range)
register.filter("from_today", days.from_today)
register.filter("half_days", days.half_days)
