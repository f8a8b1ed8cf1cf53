"""The collection check reports test ids that depend on clock, time zone or order."""

from pathlib import Path

import pytest

from tools import collection

SUITE = """
import os, time
import pytest

@pytest.mark.parametrize("value", {values})
def test_value(value):
    pass
"""


def differences_of(folder: Path, values: str) -> list[str]:
    (folder / "test_made_here.py").write_text(SUITE.format(values=values))
    return collection.differences(*collection.collect([str(folder)]))


@pytest.mark.parametrize(
    "values",
    ["[int(time.time())]", "[str(v) for v in {'a', 'b', 'c', 'd', 'e', 'f', 'g'}]", "[time.tzname[0]]"],
    ids=["clock", "order of a set", "time zone"],
)
def test_circumstance_dependent_ids_are_reported(tmp_path: Path, values: str) -> None:
    assert differences_of(tmp_path, values)


def test_constant_ids_agree(tmp_path: Path) -> None:
    assert not differences_of(tmp_path, "[1, 2, 3]")
