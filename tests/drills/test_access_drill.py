"""The access drill (P16): its short form, how it reads forms, and how it rates answers."""

from __future__ import annotations

from uuid import UUID

import pytest

from tools.drills.access.browser import SiteAnswer
from tools.drills.access.drill import ACCESS
from tools.drills.access.forms import forms_of
from tools.drills.access.matrix import Findings, Line, swaps
from tools.drills.access.swapped_fields import EACH, ids_for, swapped
from tools.drills.drill import Scale
from tools.drills.report import describe

PAGE = """
<form method="post" action="save/">
  <input type="hidden" name="csrfmiddlewaretoken" value="x"><input type="hidden" name="seen" value="3">
  <input name="title" value="A morning" required><input type="date" name="on" required>
  <input type="checkbox" name="open" value="1"><input type="checkbox" name="agreed" required>
  <input type="radio" name="kind" value="a"><input type="radio" name="kind" value="b" checked>
  <select name="site"><option value=""></option><option value="5" selected>Five</option></select>
  <select name="topic" required><option value=""></option><option value="7">Seven</option></select>
  <textarea name="words" required></textarea><textarea name="note"></textarea>
  <input name="rows-__prefix__-name"><input type="submit" name="go" value="Go">
</form>
<form method="get"><input name="q"></form>
"""


def test_form_is_read_as_a_browser_sends_it() -> None:
    (form,) = forms_of("/offers/1/", PAGE)
    sent = dict(form.sent)
    assert form.action == "/offers/1/save/"
    assert (sent["seen"], sent["title"], sent["kind"], sent["site"]) == ("3", "A morning", "b", "5")
    assert sent["topic"] == "7"
    assert sent["words"]
    assert sent["on"]
    assert not sent["note"]
    assert "agreed" in sent
    assert "open" not in sent
    assert form.names >= {"open", "kind", "note"}
    assert not form.names & {"csrfmiddlewaretoken", "go", "rows-__prefix__-name"}


def test_id_fields_are_found_by_their_values() -> None:
    (form,) = forms_of("/offers/1/", PAGE)
    assert form.ids == {"seen": {"3"}, "open": {"1"}, "site": {"5"}, "topic": {"7"}}
    hidden = "<input type='hidden' name='{}' value='{}'>"
    key = "0b9c7a3e-0000-4000-8000-000000000001"
    page = "<form method='post'>" + hidden.format("part", key) + hidden.format("form_id", key)
    (other,) = forms_of("/", page + hidden.format("next", "/offers/") + "</form>")
    assert other.ids == {"part": {key}, "form_id": {key}}


def test_foreign_ids_are_of_the_same_form_and_not_offered() -> None:
    key = "0b9c7a3e-0000-4000-8000-000000000001"
    foreign = [("offer", key), ("visit", "7"), ("session", "8"), ("person", "9")]
    assert ids_for("site", {"5", "8"}, foreign) == [("visit", "7"), ("person", "9")]
    assert ids_for("person", {"5"}, foreign)[0] == ("person", "9")
    keys = [("offer", str(UUID(int=number))) for number in range(2, 20)]
    assert ids_for("form_id", {str(UUID(int=1))}, keys) == keys
    assert ids_for("part", {str(UUID(int=1))}, keys) == keys[:EACH]
    assert swapped([("a", "1"), ("b", "2")], "a", "7") == [("b", "2"), ("a", "7")]


def line(**given: object) -> Line:
    cells = {"anonymous": "login", "stranger": "404", "host": "200", "leaver": "login"}
    plain = {
        "where": "table.txt, line 1: GET shadowing:placement-detail (coming)",
        "method": "GET",
        "lax": False,
        "cells": cells,
        "url": "/placements/1/",
        "id": "1",
        "other_url": "/placements/2/",
        "for_everybody": False,
    }
    return {**plain, **given}


def test_swapped_id_expects_answer_for_a_stranger() -> None:
    others = {"open-offer": "7", "sent": "8", "coming": "9"}
    found = {(swap.role, swap.expected) for swap in swaps([line()], others) if swap.url == "/placements/2/"}
    assert found == {("anonymous", "login"), ("stranger", "404"), ("host", "404"), ("leaver", "login")}


def test_findings_separate_errors_from_unexpected_answers() -> None:
    findings = Findings()
    for cell, fits in (("500", False), ("403", False), ("200", True), ("TimeoutError", False)):
        findings.note("matrix", cell, SiteAnswer(cell, frozenset()), fits=fits)
    assert (findings.errors, findings.unexpected) == (
        ["500: 500", "TimeoutError: TimeoutError"],
        ["403: got 403"],
    )


def test_leaver_may_be_refused_but_not_let_in() -> None:
    findings = Findings()
    findings.note("matrix", "a", SiteAnswer("403", frozenset()), fits=False, role="leaver")
    findings.note("matrix", "b", SiteAnswer("200", frozenset()), fits=False, role="leaver")
    assert findings.unexpected == ["b: got 200"]


@pytest.mark.timeout(900)
def test_access_drill_passes_and_its_control_fails() -> None:
    outcome = ACCESS.run(Scale(short=True))
    assert outcome.good, describe(outcome)
    assert outcome.result.requests > 300
