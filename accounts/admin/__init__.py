"""The administration of people, deputies, what waits, mail, history and the audit."""

from accounts.admin import audit, groups, mail, noting, people, records

__all__ = ["audit", "groups", "mail", "noting", "people", "records"]
