"""People's own words in mails: kept to one line where a line is expected, marked as quoted elsewhere."""

from django import template

register = template.Library()


@register.filter
def oneline(value: object) -> str:
    """On one line, whatever was typed: a name with a line break must not begin a new line of a mail."""
    return " ".join(str(value).split())


@register.filter
def quoted(value: object) -> str:
    """Each line marked, so that nobody's words pass for ours in a text mail."""
    return "\n".join(f"> {line}".rstrip() for line in str(value).strip().splitlines())
