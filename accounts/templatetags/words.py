"""Filters for people's own text in mails."""

from django import template

register = template.Library()


@register.filter
def oneline(value: object) -> str:
    """Return the text on one line, so that a line break in a name cannot add a line to a mail."""
    return " ".join(str(value).split())


@register.filter
def quoted(value: object) -> str:
    """Return the text with “> ” before each line, so that it cannot pass for text of this site."""
    return "\n".join(f"> {line}".rstrip() for line in str(value).strip().splitlines())
