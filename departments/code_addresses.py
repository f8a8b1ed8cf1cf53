"""How a department’s code is written in addresses."""

from __future__ import annotations


class DepartmentCodeConverter:
    """A code as one part of a longer address: in codes such as “HR/OD” the slash becomes a tilde."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """The code; no code holds a tilde."""
        return value.replace("~", "/")

    def to_url(self, value: str) -> str:
        """The code as one part of an address."""
        return value.replace("/", "~")
