"""The department: a node of the tree, with its colour and monogram."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from tree_queries.models import TreeNode
from tree_queries.query import TreeQuerySet

from accounts.models import Person
from accounts.models.person import without_angle_brackets
from departments.enums import DepartmentKind

COLOURS = 16


class Site(models.Model):  # type: ignore[django-manager-missing]  # the tree's manager is untyped
    """A campus or building where people work."""

    name = models.CharField(max_length=120, unique=True, validators=[without_angle_brackets])
    address = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(name=""),
                name="site_has_a_name",
                violation_error_message="A site needs a name.",
            ),
        )

    def __str__(self) -> str:
        return self.name


class DepartmentQuerySet(TreeQuerySet):  # type: ignore[misc]  # tree_queries ships no types
    """Queries for departments."""

    def open(self) -> DepartmentQuerySet:
        """Return the departments that take part."""
        return self.filter(is_open=True)  # type: ignore[no-any-return]  # tree_queries ships no types

    def branch(self, roots: Iterable[int]) -> set[int]:
        """Return the ids of ``roots`` and of everything below them."""
        parents = dict(self.model.objects.without_tree_fields().values_list("pk", "parent_id"))
        wanted = set(roots)
        return {pk for pk in parents if not wanted.isdisjoint(_upwards(pk, parents))}

    def of_same_unit(self, department: int) -> set[int]:
        """Return the ids of all departments that count to the same ``unit`` as ``department``.

        Takes one query.
        """
        rows = self.model.objects.without_tree_fields().values_list("pk", "parent_id", "kind")
        parents, kinds = {}, {}
        for pk, parent, kind in rows:
            parents[pk], kinds[pk] = parent, kind
        units = {
            pk: next((at for at in _upwards(pk, parents) if kinds[at] != DepartmentKind.TEAM), pk)
            for pk in parents
        }
        return {pk for pk, unit in units.items() if unit == units[department]}


def _upwards(pk: int, parents: dict[int, int | None]) -> Iterator[int]:
    at: int | None = pk
    while at is not None:
        yield at
        at = parents.get(at)


class Department(TreeNode):  # type: ignore[misc]  # tree_queries ships no types
    """A division, a department or a team. ``colour`` (1 to 16) and ``monogram`` are assigned once."""

    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="part of",
    )
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=160, validators=[without_angle_brackets])
    kind = models.CharField(max_length=12, choices=DepartmentKind.choices, default=DepartmentKind.DEPARTMENT)
    summary = models.TextField("who we are", blank=True)
    visitors_see = models.TextField("what a visitor can see here", blank=True)
    contact_email = models.EmailField(blank=True)
    site = models.ForeignKey(
        Site,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="departments",
    )
    head = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="heads",
        help_text="Decides for people here who have no active line manager.",
    )
    is_open = models.BooleanField("takes part", default=True)
    colour = models.PositiveSmallIntegerField(default=1)
    monogram = models.CharField(max_length=2)

    objects: ClassVar[DepartmentQuerySet] = DepartmentQuerySet.as_manager(with_tree_fields=False)

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(parent=models.F("id")),
                name="department_not_its_own_parent",
                violation_error_message="A department cannot be part of itself.",
            ),
            models.CheckConstraint(
                condition=Q(colour__gte=1, colour__lte=COLOURS),
                name="department_colour_in_palette",
                violation_error_message="The colour is a number from 1 to 16.",
            ),
            models.CheckConstraint(
                condition=Q(monogram__regex=r"^[A-Z][A-Za-z]$"),
                name="department_monogram_two_letters",
                violation_error_message="The monogram is two letters.",
            ),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name=""),
                name="department_has_code_and_name",
                violation_error_message="A department needs a code and a name.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The department's page."""
        return reverse("departments:detail", args=[self.code])

    def clean(self) -> None:
        """Refuse to move a department below itself, because the tree has no loops."""
        if self.pk and self.parent_id and self.parent_id in Department.objects.branch([self.pk]):
            raise ValidationError({"parent": "A department cannot be part of a team below it."})
        super().clean()

    def line_upwards(self) -> list[Department]:
        """Return this department and those above it, nearest first."""
        line: list[Department] = []
        at: Department | None = self
        while at is not None and at not in line:
            line.append(at)
            at = at.parent
        return line

    @property
    def unit(self) -> Department:
        """The department that this team counts to; a department or division is its own unit."""
        for at in self.line_upwards():
            if at.kind != DepartmentKind.TEAM:
                return at
        return self
