"""Data export of messaging: the mail a person was sent."""

from __future__ import annotations

from django.db.models import Q

from accounts.protection.columns import not_exported, not_personal
from accounts.protection.data_export import Kind, register
from messaging.link_tokens import LINK
from messaging.models import Message
from messaging.outbox import PLAIN


def without_links(text: str) -> str:
    """Return the text without the placeholders of its links."""
    return LINK.sub("…", text)


register(
    Kind(
        name="mail",
        title="Mail to me",
        model=Message,
        by=("recipient",),
        only=~Q(template=PLAIN),
        seen=lambda person: Message.objects.went_out(),
        shows={
            "Subject": "subject",
            "Address": "to_email",
            "Written": "dated",
            "Sent": "sent_at",
            "State": "status",
            "Words": ("text", without_links),
        },
    ),
)
not_exported(
    "The same words as in the text part, or what makes a link in it.",
    *("messaging.Message.html", "messaging.Message.calendar", "messaging.Message.action_url"),
    *("messaging.Message.action_label", "messaging.Message.department"),
)
not_exported("Said of mail that did not go out, which is shown to nobody.", "messaging.Message.last_error")
not_personal(
    "A key or a mark of ours.",
    *("messaging.Message.key", "messaging.Message.template", "messaging.Message.calendar_method"),
    *("messaging.Message.link_nonce", "messaging.Message.message_id"),
)
