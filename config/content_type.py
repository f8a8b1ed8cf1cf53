"""WSGI middleware for requests whose charset Python does not know: Django fails on them early."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable
from email.message import Message
from typing import Any

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def without_unreadable_charset(application: Application) -> Application:
    """Wrap ``application`` so that an unknown charset is removed from the request."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not _is_readable(environ.get("CONTENT_TYPE", "")):
            environ["CONTENT_TYPE"] = environ["CONTENT_TYPE"].split(";")[0]
        return application(environ, start_response)

    return answer


def _is_readable(content_type: str) -> bool:
    header = Message()
    header["content-type"] = content_type
    charset = header.get_param("charset", "utf-8")
    try:
        b"".decode(charset if isinstance(charset, str) else "undefined")
        "".encode(codecs.lookup(str(charset)).name)
    except (LookupError, ValueError):
        return False
    return True
