"""Admin pages of the reflection questions of a scheme: edit, add, order, retire."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from accounts.admin.base import LargeTableAdmin
from shadowing.models import ReflectionQuestion

HAS_ANSWERS = (
    "“{question}” has been answered {number} time{s}, so it cannot be deleted: the answers belong to the "
    "people who wrote them. Retire it instead, and it is not asked any more."
)
KEPT = (
    "What was answered already keeps the words it was asked with. Once a question has answers, what kind it "
    "is, whom it asks and its key stay as they are. The lowest position comes first."
)


@admin.register(ReflectionQuestion)
class QuestionAdmin(LargeTableAdmin[ReflectionQuestion]):
    """The questions for each side; answers are not shown here."""

    list_display = ("text", "scheme", "side", "kind", "position", "is_asked", "answered")
    list_editable = ("position",)
    list_filter = ("scheme", "side")
    list_select_related = ("scheme",)
    search_fields = ("text", "key")
    fieldsets = (
        (
            None,
            {"description": KEPT, "fields": ("scheme", "side", "kind", "text", "hint", "key", "position")},
        ),
    )
    actions = ("retire", "ask_again")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReflectionQuestion]:
        """Add the number of answers to each question."""
        return super().get_queryset(request).annotate(given=Count("answers"))

    @admin.display(description="Is asked", boolean=True)
    def is_asked(self, question: ReflectionQuestion) -> bool:
        """Whether it is asked in new reflections."""
        return question.retired_at is None

    @admin.display(description="Answers")
    def answered(self, question: ReflectionQuestion) -> int:
        """The number of answers."""
        return int(getattr(question, "given", 0))

    def get_readonly_fields(
        self, request: HttpRequest, obj: ReflectionQuestion | None = None
    ) -> tuple[str, ...]:
        """Protect the fields that existing answers depend on."""
        return ("scheme", "side", "kind", "key") if obj is not None and obj.answers.exists() else ()

    @admin.action(description="Retire: do not ask any more", permissions=["change"])
    def retire(self, request: HttpRequest, questions: QuerySet[ReflectionQuestion]) -> None:
        """Stop asking the questions; people who answered still see them."""
        number = questions.filter(retired_at__isnull=True).update(retired_at=timezone.now())
        messages.success(request, f"Retired: {number}. What was answered stays.")

    @admin.action(description="Ask again", permissions=["change"])
    def ask_again(self, request: HttpRequest, questions: QuerySet[ReflectionQuestion]) -> None:
        """Ask the questions again."""
        number = questions.filter(retired_at__isnull=False).update(retired_at=None)
        messages.success(request, f"Asked again: {number}.")

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Refuse to delete a question that has answers."""
        question = self.get_object(request, object_id)
        number = question.answers.count() if question is not None else 0
        if question is None or not number:
            return super().delete_view(request, object_id, extra_context)
        s = "" if number == 1 else "s"
        messages.error(request, HAS_ANSWERS.format(question=question.text, number=number, s=s))
        return HttpResponseRedirect(reverse("admin:shadowing_reflectionquestion_change", args=[question.pk]))
