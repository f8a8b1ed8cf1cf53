"""Placeholder until the outbox is written; overwrite freely."""


def enqueue_plain(*, recipient_email: str, subject: str, text: str, html: str) -> None:
    """Owe one plain mail."""
    raise NotImplementedError
