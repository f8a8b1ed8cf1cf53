"""The administration of people, deputies, what waits, history and the audit."""

from accounts.admin import audit, groups, noting, people, records

__all__ = ["audit", "groups", "noting", "people", "records"]
