"""The files to change, and the tests that concern them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tools.paths import ROOT


class Module(NamedTuple):
    """A file to change, and the range of its lines."""

    path: Path
    first: int = 1
    last: int = 1_000_000

    @property
    def name(self) -> str:
        """The path from the root of the project."""
        return str(self.path.relative_to(ROOT))


def modules_of(text: str) -> Iterator[Module]:
    """Yield the file, the files of a folder, or a range of lines of a file (``path:first-last``)."""
    name, _, lines = text.partition(":")
    path = (ROOT / name).resolve(strict=True)
    if path.is_dir():
        yield from (Module(file) for file in sorted(path.rglob("*.py")))
    elif lines:
        first, _, last = lines.partition("-")
        yield Module(path, int(first), int(last or first))
    else:
        yield Module(path)


def nearest_tests(path: Path) -> str:
    """Return the folder of tests nearest to a file: that of its package or, without one, of its app."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    folders = (ROOT.joinpath("tests", *parts[:length]) for length in range(len(parts), 0, -1))
    return str(next((found for found in folders if found.is_dir()), ROOT / "tests").relative_to(ROOT))
