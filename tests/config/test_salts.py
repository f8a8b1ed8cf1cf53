"""Test that tokens signed by the previous release stay valid: calendar feeds, links in mails."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture import Source, code

KEPT = {
    "accounts.known-browser",
    "accounts.preferences",
    "accounts.sso.saml.answer",
    "config.htmx",
    "shadowing.coordinators",
    "shadowing.desk-people",
    "shadowing.feeds.department",
    "shadowing.placing",
}


def salts(file: Source) -> Iterator[str]:
    """The constants that are named SALT, given as ``salt`` or first to ``salted_hmac``."""
    for node in ast.walk(file.tree):
        given: list[ast.expr] = []
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "SALT":
            given = [node.value]
        elif isinstance(node, ast.Call):
            given = [word.value for word in node.keywords if word.arg == "salt"]
            given += node.args[:1] if ast.unparse(node.func) == "salted_hmac" else []
        for value in given:
            if isinstance(value, ast.Constant):
                yield str(value.value)


def test_salts_stay_when_modules_move() -> None:
    assert {salt for file in code() for salt in salts(file)} == KEPT
