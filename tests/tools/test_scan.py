"""The secret scan finds what must never be in the repository."""

from pathlib import Path

import pytest

from tools import secret_scan


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("-----BEGIN RSA " + "PRIVATE KEY-----", "a private key"),
        ("key = AKIA" + "ABCDEFGHIJKLMNOP", "a cloud access key"),
        ("token = ghp_" + "a" * 36, "a code host's token"),
        ("postgres://app:" + "s3cret-word@db/app", "a password in an address"),
        ("--index-" + "url https://mirror.example", "a registry's address"),
        ("see /ro" + "ot/notes.txt", "a path of somebody's machine"),
    ],
)
def test_scan_finds(line: str, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_scan, "ROOT", tmp_path)
    file = tmp_path / "file.txt"
    file.write_text(f"fine\n{line}\n")
    assert list(secret_scan.findings(file)) == [f"file.txt:2: {what}"]


def test_scan_leaves_examples_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_scan, "ROOT", tmp_path)
    file = tmp_path / "file.txt"
    file.write_text("postgres://user:password@host:5432/name\nredis://h:6379/0\n")
    assert list(secret_scan.findings(file)) == []


def test_repository_holds_no_secret_and_no_address() -> None:
    assert [finding for path in secret_scan.files() for finding in secret_scan.findings(path)] == []
