"""Memberships of departments, and coordinators of branches."""

from __future__ import annotations

from django.db import models

from accounts.models import Person
from departments.models.department import Department, Site


class Membership(models.Model):
    """A person's department and site. Everybody has at most one."""

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, primary_key=True, related_name="membership"
    )
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="memberships")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "place in the organisation"
        verbose_name_plural = "places in the organisation"

    def __str__(self) -> str:
        return f"{self.person}, {self.department}"


class Coordinator(models.Model):
    """Somebody who runs the scheme in one branch of the tree."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="coordinators")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="coordinates")

    class Meta:
        verbose_name = "department coordinator"
        ordering = ("department", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["department", "person"],
                name="coordinator_once",
                violation_error_message="This person coordinates this department already.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} for {self.department}"
