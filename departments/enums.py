"""Closed lists of words about the tree."""

from django.db.models import TextChoices


class DepartmentKind(TextChoices):
    """The three levels of the tree."""

    DIVISION = "division", "Division"
    DEPARTMENT = "department", "Department"
    TEAM = "team", "Team"
