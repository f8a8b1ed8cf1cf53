"""URL converter for department codes."""

from __future__ import annotations


class DepartmentCodeConverter:
    """A code as one segment of a URL; a slash, as in “HR/OD”, is written as a tilde."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """Return the code; codes never contain a tilde."""
        return value.replace("~", "/")

    def to_url(self, value: str) -> str:
        """Return the code as a URL segment."""
        return value.replace("/", "~")
