"""The administration of people, deputies, what waits, mail, history and the audit."""

from accounts.admin import audit, mail, noting, people, records

__all__ = ["audit", "mail", "noting", "people", "records"]
