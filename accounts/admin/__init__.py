"""The administration of people, deputies, what waits, history and the audit."""

from accounts.admin import audit, audit_trail, groups, people, records

__all__ = ["audit", "audit_trail", "groups", "people", "records"]
