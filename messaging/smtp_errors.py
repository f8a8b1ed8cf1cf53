"""Classify SMTP errors: this mail or the whole server, permanent or temporary; and describe them in words."""

from __future__ import annotations

from email.errors import MessageError
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException, SMTPServerDisconnected

# Raised while composing a mail with invalid content, such as a line break in an address.
UNWRITABLE = (ValueError, TypeError, LookupError, AttributeError, MessageError)
CLOSING = 421


def is_permanent(error: Exception) -> bool:
    """Return whether this mail will never be accepted; faults of the server or its settings are temporary."""
    if isinstance(error, SMTPRecipientsRefused | SMTPDataError):
        return all(500 <= code < 600 for code in _codes(error))
    return _is_unwritable(error)


def is_content_error(error: Exception) -> bool:
    """Return whether the content, not the address, makes the mail unacceptable for good."""
    return is_permanent(error) and not isinstance(error, SMTPRecipientsRefused)


def is_server_error(error: Exception) -> bool:
    """Return whether the server itself is at fault: it hangs, hangs up to throttle, or refuses access."""
    if isinstance(error, SMTPRecipientsRefused | SMTPDataError):
        return CLOSING in _codes(error)
    return isinstance(error, OSError)


def keeps_connection_usable(error: Exception) -> bool:
    """Return whether the next mail may be sent over the same connection."""
    return isinstance(error, SMTPRecipientsRefused) and CLOSING not in _codes(error)


def sentence(error: Exception) -> str:
    """Return the error as a sentence for the people who look after the mail."""
    if isinstance(error, SMTPRecipientsRefused):
        answers = [f"{code} {_decoded(words)}" for code, words in error.recipients.values()]
        return f"The mail server refused the address: {'; '.join(answers)}"
    if isinstance(error, SMTPResponseException):
        return f"The mail server answered: {error.smtp_code} {_decoded(error.smtp_error)}"
    if isinstance(error, SMTPServerDisconnected):
        return f"The mail server hung up: {error}"
    if _is_unwritable(error):
        return f"The mail cannot be written: {error}"
    return f"The mail server did not answer as it should: {error}"


def _is_unwritable(error: Exception) -> bool:
    return isinstance(error, UNWRITABLE) and not isinstance(error, OSError)


def _codes(error: SMTPRecipientsRefused | SMTPDataError) -> list[int]:
    if isinstance(error, SMTPRecipientsRefused):
        return [code for code, _ in error.recipients.values()]
    return [error.smtp_code]


def _decoded(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words
