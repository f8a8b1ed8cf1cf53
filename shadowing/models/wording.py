"""A scheme's own paragraph at the top of a mail, with placeholders in braces."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from shadowing.models.scheme import Scheme

OFFER_NAMES = {
    "host": "who hosts",
    "department": "the host’s department",
    "offer": "the title of the offer",
    "due": "the day by which something is asked",
    "scheme": "the name of the scheme",
}
NAMES = {"shadow": "who visits", "origin": "the visitor’s department", **OFFER_NAMES}
Part = tuple[str, str]  # literal text, then the name of the placeholder after it or ""


def names_for(template: str) -> dict[str, str]:
    """Return the placeholders that can be used in a mail template, with their meaning.

    Mails about an offer have no visitor, so they lack those of the visitor.
    """
    return OFFER_NAMES if template.startswith("offer_") else NAMES


def parts_of(words: str, allowed: dict[str, str]) -> Iterator[Part]:
    """Split ``words`` into literal text and placeholders.

    Raises ValidationError that says what is wrong and which placeholders are allowed.
    """
    try:
        parts = list(Formatter().parse(words))
    except ValueError:
        raise _refusal("A brace stands alone.", allowed) from None
    for text, name, form, conversion in parts:
        if "{" in text or "}" in text:
            raise _refusal("Write one brace on each side, not two.", allowed)
        if name is not None and (name not in allowed or form or conversion):
            written = f"{name}{'!' + conversion if conversion else ''}{':' + form if form else ''}"
            raise _refusal(f"“{{{written}}}” is no placeholder of this mail.", allowed)
        yield text, name or ""


def _refusal(what: str, allowed: dict[str, str]) -> ValidationError:
    choice = ", ".join(f"{{{name}}}" for name in allowed)
    return ValidationError(f"{what} Placeholders are {choice}.", code="placeholder")


class MailWording(models.Model):
    """A scheme's own paragraph for one mail template, shown before the standard text."""

    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="mail_wordings")
    template = models.CharField("mail", max_length=80)
    words = models.TextField("own paragraph", max_length=1000)

    class Meta:
        verbose_name = "own paragraph of a mail"
        verbose_name_plural = "own paragraphs of mails"
        ordering = ("template",)
        constraints = (
            models.UniqueConstraint(
                fields=["scheme", "template"],
                name="wording_once_a_mail",
                violation_error_message="This mail has a paragraph already.",
            ),
            models.CheckConstraint(
                condition=~Q(words=""),
                name="wording_says_something",
                violation_error_message="A paragraph needs words.",
            ),
        )

    def __str__(self) -> str:
        return self.template

    def clean(self) -> None:
        """Check that the placeholders can be filled in. Raises ValidationError."""
        try:
            list(parts_of(self.words, names_for(self.template)))
        except ValidationError as error:
            raise ValidationError({"words": error}) from None
