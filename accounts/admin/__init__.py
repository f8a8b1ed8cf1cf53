"""The administration of people, deputies, what waits, mail and history."""

from accounts.admin import mail, people, records

__all__ = ["mail", "people", "records"]
