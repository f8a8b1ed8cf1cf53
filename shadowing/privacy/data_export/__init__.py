"""Export of a person's data in the scheme: requests, offers, decisions, visits and reflections."""

from accounts.protection.columns import not_exported, not_personal
from shadowing.privacy.data_export import requests, visits

__all__ = ["requests", "visits"]

not_exported("Only the hash of a key that has been used or is over soon.", "shadowing.DecisionLink.person")
not_exported("It tells two windows of one browser apart.", "shadowing.Reflection.tab")
not_exported(
    "The date is among the dates of the visits they take part in.",
    "shadowing.Visit.shadow",
    "shadowing.Visit.host",
)
not_exported(
    "It repeats the capacity, the department and who named them, which are exported.",
    "shadowing.Decision.why_asked",
)
not_exported("It repeats who was the shadow, the host or asked before.", "shadowing.Decision.asked_about")
not_personal(
    "The organisation's rules and texts.",
    *("shadowing.Scheme", "shadowing.MailWording", "shadowing.Agreement", "shadowing.ClosureDay"),
    *("shadowing.ChecklistItem", "shadowing.ReflectionQuestion"),
)
not_personal("The hash of a key.", "shadowing.DecisionLink.token_hash")
not_personal(
    "Kept by the database from the offer itself, for the search.",
    *("shadowing.Offer.key_words", "shadowing.Offer.search"),
)
not_personal("A word from a closed list.", "shadowing.Decision.reason", "shadowing.Placement.cancel_reason")
not_personal("Counts of a cycle.", "shadowing.Figures")
