"""Checklists and reflection questions that every new scheme starts with."""

from __future__ import annotations

from typing import Any

from django.db.models import Max, Model

from shadowing.enums import QuestionKind, Side

CHECKLISTS: dict[str, tuple[str, ...]] = {
    Side.SHADOW: (
        "Read what to know before you come.",
        "Block the time in your calendar and say who covers for you.",
        "Write down two questions you want to ask.",
    ),
    Side.HOST: (
        "Tell your team who comes, when and why.",
        "See to access, a place to sit and what is needed for safety.",
        "Plan a few minutes at the end to talk it over.",
    ),
    Side.MANAGER: (
        "Agree who covers while your colleague is away.",
        "Plan ten minutes afterwards to hear what was learned.",
    ),
}
# Side, key, kind, question, hint. Exports and reports name a question by its key.
QUESTIONS: tuple[tuple[str, str, str, str, str], ...] = (
    (Side.SHADOW, "objectives_met", QuestionKind.RATINGS, "How far was each objective met?",
     "1 is not at all, 5 is fully."),
    (Side.SHADOW, "seen_differently", QuestionKind.TEXT, "What did I see that we do differently?", ""),
    (Side.SHADOW, "will_change", QuestionKind.CHANGE, "What will I do differently, and by when?",
     "One small thing is enough."),
    (Side.SHADOW, "team_should_know", QuestionKind.TEXT,
     "What should their team know from my point of view?", "What a visitor sees and insiders no longer do."),
    (Side.SHADOW, "recommend", QuestionKind.YES_NO, "Would I recommend this visit?", ""),
    (Side.SHADOW, "to_organisers", QuestionKind.ORGANISERS, "A private note to the organisers",
     "Nobody else reads it."),
    (Side.HOST, "fresh_eyes", QuestionKind.TEXT, "What did fresh eyes teach us?", ""),
    (Side.HOST, "worth_using", QuestionKind.TEXT, "What of ours is worth others using?", ""),
    (Side.HOST, "host_again", QuestionKind.YES_NO, "Would we host again?", ""),
    (Side.HOST, "time_taken", QuestionKind.HOURS, "How much time did it take, in hours?",
     "Preparation included."),
)  # fmt: skip


def start_with_defaults(scheme: Model, items: Any, questions: Any) -> None:
    """Create the default checklists and questions of a new scheme.

    ``items`` and ``questions`` are its related managers: this module cannot import their models, because the
    scheme's own module imports it.
    """
    items.bulk_create(
        items.model(scheme=scheme, side=side, position=position, text=text)
        for side, texts in CHECKLISTS.items()
        for position, text in enumerate(texts, start=1)
    )
    questions.bulk_create(
        questions.model(scheme=scheme, side=side, key=key, kind=kind, text=text, hint=hint, position=position)
        for position, (side, key, kind, text, hint) in enumerate(QUESTIONS, start=1)
    )


def keep_wording(words: str, versions: Any) -> None:
    """Store ``words`` as a new version in ``versions``, unless the latest version has the same words."""
    latest = versions.order_by("-number").first()
    if latest is None or latest.words != words:
        number = (versions.aggregate(last=Max("number"))["last"] or 0) + 1
        versions.create(number=number, words=words)
