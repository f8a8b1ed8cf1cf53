"""The administration of schemes, their lists and questions, and of closing departments."""

from coordination.admin import departments, questions, schemes

__all__ = ["departments", "questions", "schemes"]
