"""Reflections of both sides of a visit: the scheme's questions, and the answers to them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person
from shadowing.enums import QuestionKind, Share, Side
from shadowing.models.placement import Placement
from shadowing.models.scheme import Scheme

SIDES = [(side.value, side.label) for side in (Side.SHADOW, Side.HOST)]


class ReflectionQuestion(models.Model):
    """A reflection question of a scheme. One that has answers can be retired, not deleted."""

    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="reflection_questions")
    side = models.CharField(max_length=8, choices=SIDES)
    position = models.PositiveSmallIntegerField(default=1)
    key = models.SlugField(max_length=40, help_text="What exports call it by.")
    kind = models.CharField(max_length=12, choices=QuestionKind.choices, default=QuestionKind.TEXT)
    text = models.CharField("question", max_length=200)
    hint = models.CharField(max_length=200, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("side", "position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["scheme", "side", "key"],
                name="question_key_once",
                violation_error_message="Another question has this key already.",
            ),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(key=""),
                name="question_asks_something",
                violation_error_message="A question needs words and a key.",
            ),
        )

    def __str__(self) -> str:
        return self.text


class Reflection(models.Model):
    """One side's reflection on one visit: a draft until ``sent_at``.

    ``version`` counts how often it was saved. ``tab`` identifies the browser window that saved it last,
    ``number`` counts the saves of that window.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="reflections")
    side = models.CharField(max_length=8, choices=SIDES)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reflections")
    saved_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    tab = models.CharField(max_length=36, blank=True, editable=False)
    number = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ("side",)
        constraints = (
            models.UniqueConstraint(
                fields=["placement", "side"],
                name="reflection_once_a_side",
                violation_error_message="A reflection of this side has been begun already.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.author} on {self.placement}"


class Answer(models.Model):
    """One answer to a question.

    ``asked`` keeps the wording of the question at that time; ``part`` numbers the objectives where each is
    rated.
    """

    reflection = models.ForeignKey(Reflection, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(ReflectionQuestion, on_delete=models.PROTECT, related_name="answers")
    part = models.PositiveSmallIntegerField(default=0)
    asked = models.CharField(max_length=520)
    words = models.TextField(max_length=4000, blank=True)
    number = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    yes = models.BooleanField(null=True, blank=True)
    by_day = models.DateField(null=True, blank=True)
    share = models.CharField(max_length=10, choices=Share.choices, default=Share.PRIVATE)

    class Meta:
        ordering = ("question__position", "part", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["reflection", "question", "part"],
                name="answer_once",
                violation_error_message="This question is answered already.",
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True) | Q(number__gte=0),
                name="answer_number_not_negative",
                violation_error_message="A number here is not negative.",
            ),
        )

    def __str__(self) -> str:
        return self.asked
