"""Test that docs/configuration.md lists exactly the variables that settings and tools read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture import ROOT, Source, sources

PAGE = ROOT / "docs/configuration.md"
VARIABLE = re.compile(r"[A-Z][A-Z0-9_]+")
ELSEWHERE = {"DATABASE_URL", "REDIS_URL", "MAILBOX_DIR"}  # read by tools too, listed as settings
# Set by the tools and the tests for themselves, or by make and the shell.
INTERNAL = {"MAKELEVEL", "PATH", "DRILL_HOME", "DRILL_PATCHES"}


def rows(section: str) -> list[str]:
    """The variables of a section's table; one row may name two."""
    text = PAGE.read_text().split(f"\n## {section}\n")[1].split("\n## ")[0]
    first_cells = re.findall(r"^\| (`[^|]+) \|", text, re.M)
    return [name for cell in first_cells for name in re.findall(r"`([A-Z0-9_]+)`", cell)]


def settings_read() -> set[str]:
    """Each name in capitals with which a method of ``env`` is called, or a function that is given ``env``."""
    readers = ("config.settings.base", "config.saml", "config.environment")
    files = [file for file in sources("config") if file.module in readers]
    return {name for file in files for name in _names_asked(file)}


def _names_asked(file: Source) -> Iterator[str]:
    for call in ast.walk(file.tree):
        if isinstance(call, ast.Call) and _asks_env(call):
            given = (argument.value for argument in call.args if isinstance(argument, ast.Constant))
            yield from (name for name in map(str, given) if VARIABLE.fullmatch(name))


def _asks_env(call: ast.Call) -> bool:
    asked = call.func.value if isinstance(call.func, ast.Attribute) else None
    named = {"env", "self"}
    if isinstance(asked, ast.Name) and asked.id in named:
        return True
    return any(isinstance(argument, ast.Name) and argument.id == "env" for argument in call.args)


def tools_read() -> set[str]:
    text = "\n".join(file.text for file in sources("tools"))
    asked = r"os\.environ(?:\.get\(|\[)\"([A-Z0-9_]+)\"|\"([A-Z0-9_]+)\" (?:not )?in os\.environ"
    return {name for found in re.findall(asked, text) for name in found if name}


def test_every_setting_has_one_row() -> None:
    listed = rows("Settings")
    assert sorted(listed) == sorted(set(listed))
    assert settings_read() - set(listed) == set(), "settings without a row"
    assert set(listed) - settings_read() == set(), "rows without a setting"


def test_every_variable_of_the_tools_has_one_row() -> None:
    assert sorted(rows("Variables of the tools")) == sorted(tools_read() - ELSEWHERE - INTERNAL)


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "OIDC_CLIENT_SECRET", "SAML_METADATA_URL", "SAML_METADATA", "DEMO"]
)
def test_reading_of_the_settings_is_seen(name: str) -> None:
    """A pattern that finds nothing proves nothing."""
    assert name in settings_read()
