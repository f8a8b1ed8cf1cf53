"""Admin pages of schemes, checklists and questions, and for closing departments."""

from coordination.admin import departments, questions, schemes

__all__ = ["departments", "questions", "schemes"]
