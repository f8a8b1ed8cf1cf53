"""Records about people: the person, the deputy, what waits, what happened."""

from accounts.models.audit import AuditEntry
from accounts.models.delegation import Delegation
from accounts.models.failure import FailedItem
from accounts.models.history import HistoryEntry
from accounts.models.lookups import Holds
from accounts.models.person import Person
from accounts.models.staff_change import StaffChange
from accounts.models.waiting import WaitingItem

__all__ = [
    "AuditEntry",
    "Delegation",
    "FailedItem",
    "HistoryEntry",
    "Holds",
    "Person",
    "StaffChange",
    "WaitingItem",
]
