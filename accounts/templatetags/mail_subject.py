"""The tag with which the frame of mails reads a mail's subject."""

from html import unescape

from django import template

register = template.Library()


@register.simple_block_tag
def plain_line(content: str) -> str:
    """Return what the block says on one line and without escapes: it is escaped where it is shown."""
    return " ".join(unescape(content).split())
