"""The verdict on a drill: a broken promise fails, and so does a control that passes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tools.drills import __main__ as command
from tools.drills.drill import Drill, Scale
from tools.drills.ledger import Taken, reconcile_mail
from tools.drills.report import Result, describe, table


def act(*, guarded_breaks: bool, control_breaks: bool) -> Callable[[Scale, bool], Result]:
    def run(scale: Scale, guarded: bool) -> Result:
        result = Result(done="nothing", owed=3, once=3)
        result.expect(not (guarded_breaks if guarded else control_breaks), "It broke.")
        return result

    return run


def verdict(monkeypatch: pytest.MonkeyPatch, *arguments: str, **drill: Any) -> int:
    monkeypatch.setattr(command, "DRILLS", (Drill("P0", "a promise", **drill),))
    monkeypatch.setattr(command, "end_on_signals", lambda: None)
    monkeypatch.setattr(sys, "argv", ["drills", *arguments])
    return command.main()


def test_kept_promise_with_failing_control_is_good(monkeypatch: pytest.MonkeyPatch) -> None:
    good = act(guarded_breaks=False, control_breaks=True)
    assert verdict(monkeypatch, "p0", act=good, switched_off="its lock") == 0


def test_broken_promise_fails(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    broken = act(guarded_breaks=True, control_breaks=True)
    assert verdict(monkeypatch, act=broken, switched_off="its lock") == 1
    assert "BROKEN   It broke." in capsys.readouterr().out


def test_control_that_passes_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    unproven = act(guarded_breaks=False, control_breaks=False)
    assert verdict(monkeypatch, act=unproven, switched_off="its lock") == 1
    assert "proves nothing" in capsys.readouterr().out


def test_stumbling_drill_fails_and_next_drill_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stumble(scale: Scale, guarded: bool) -> Result:
        raise SystemExit("the broker did not start")

    kept = Drill("P1", "", act(guarded_breaks=False, control_breaks=True), "it")
    monkeypatch.setattr(command, "DRILLS", (Drill("P0", "", stumble, "it"), kept))
    monkeypatch.setattr(command, "end_on_signals", lambda: None)
    monkeypatch.setattr(sys, "argv", ["drills"])
    assert command.main() == 1
    printed = capsys.readouterr().out
    assert "STUMBLED SystemExit: the broker did not start" in printed
    assert "Broken or unproven: P0. 2 drills" in printed


def test_control_that_stumbles_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(scale: Scale, guarded: bool) -> Result:
        if not guarded:
            raise ValueError("a patch no longer fits")
        return Result()

    assert verdict(monkeypatch, act=stumble, switched_off="it") == 1


def test_short_run_can_leave_out_control() -> None:
    drill = Drill("P0", "", act(guarded_breaks=False, control_breaks=False), "it", control_in_short=False)
    assert drill.run(Scale(short=True)).control is None
    assert drill.run(Scale()).control is not None


def test_unknown_drill_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit, match="There is no drill P99; there are P0."):
        verdict(monkeypatch, "P99", act=act(guarded_breaks=False, control_breaks=True))


def test_table_shows_the_counts_of_drill_and_control() -> None:
    outcome = Drill("P0", "", act(guarded_breaks=False, control_breaks=True), "its lock").run(Scale())
    first, second = table([outcome]).splitlines()[1:]
    assert first.split()[:2] == ["P0", "–"]
    assert "passed" in first
    assert second.split()[0] == "ctrl"
    assert "fails as it should: It broke." in describe(outcome)


def reconciled(tmp_path: Path, rows: list[tuple[str, str]], mails: list[Taken]) -> Any:
    """Return the reconciliation for a stage with these rows and these mails taken."""
    file = tmp_path / "taken.jsonl"
    file.write_text("".join(f"{json_of(mail)}\n" for mail in mails))
    stage: Any = SimpleNamespace(commands=SimpleNamespace(taken=file), sql=lambda query: rows)
    return reconcile_mail(stage)


def json_of(mail: Taken) -> str:
    return (
        f'{{"at": {mail.at}, "id": "{mail.id}", "date": "{mail.date}", "to": "{mail.to}", '
        f'"subject": "{mail.subject}"}}'
    )


def test_reconciliation_counts_once_lost_doubled_and_unowed(tmp_path: Path) -> None:
    rows = [("<once>", "sent"), ("<never>", "sent"), ("<open>", "queued"), ("<twice>", "sent")]
    rows += [("<needless>", "dropped"), ("<part>", "in sent")]
    mails = [Taken(1.0, name, "Mon", "a@b", "s") for name in ("<once>", "<twice>", "<twice>", "<nobody>")]
    found = reconciled(tmp_path, rows, mails)
    assert (found.owed, found.once, found.copies) == (4, 1, 1)
    assert found.lost == ["<never>", "<open>"]
    assert found.unowed == ["<nobody>"]
    assert not found.changed


def test_reconciliation_notes_copy_with_another_date(tmp_path: Path) -> None:
    mails = [Taken(1.0, "<twice>", day, "a@b", "s") for day in ("Mon", "Tue")]
    found = reconciled(tmp_path, [("<twice>", "sent")], mails)
    result = Result()
    found.add_to(result, copies_allowed=True)
    assert result.broken == ["1 copies carry another Date."]
