"""Make inputs that break careless code, from a seed, so that each can be made again."""

from __future__ import annotations

import io
import random
import zipfile
from uuid import UUID

CONSTANTS = (
    "",
    " ",
    "-" * 33,
    "-" * 400,
    "(" * 3000,
    "a" * 10_000,
    "a-" * 3000,
    "\x00",
    "a\x00b",
    "\ud800",
    "\ufffe\u202e\u200b",
    "İıſß\u0301" * 20,
    '" or - or "',
    "%s %(x)s {0} {x.__class__} {{ 7|add:7 }} {% now 'Y' %}",
    "<img src=x onerror=alert(1)>",
    "' OR 1=1; --",
    "\\",
    "%",
    "_",
    "../../etc/passwd",
    "=1+1",
    "\r\nBcc: a@example.ac.uk",
    "0",
    "-1",
    "9" * 18,
    "9" * 40,
    "9" * 5000,
    "-" + "9" * 25,
    "1e400",
    "NaN",
    "Infinity",
    "1_000",
    "٣",
    "0x10",
    "true",
    "on",
    "None",
    "null",
    "[]",
    "{}",
    "0001-01-01",
    "9999-12-31",
    "0000-00-00",
    "2026-02-30",
    "99999-01-01",
    "20260101",
    "2026-W01-1",
    "2026-03-29T01:30",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "24:00",
    "23:59:60",
    "00:00:00.0000001",
    "not-a-uuid",
    str(UUID(int=0)),
    str(UUID(int=2**128 - 1)),
    "{" + str(UUID(int=7)) + "}",
    "urn:uuid:" + str(UUID(int=7)),
    "a@b",
    "a" * 250 + "@example.ac.uk",
    "a@" + "b" * 70 + ".uk",
    "a\n@example.ac.uk",
    "//evil.example",
    "javascript:alert(1)",
    "http://[::1",
    "http://evil.example\\@x",
)
LETTERS = "aé漢𝔞 -\"'()<>{}%_\\/\x00\x1f\u202e\u2028.,;:@0123456789"


def text(rng: random.Random) -> str:
    """Return a constant, two of them joined, or random characters."""
    kind = rng.random()
    if kind < 0.6:
        return rng.choice(CONSTANTS)
    if kind < 0.75:
        return rng.choice(CONSTANTS) + rng.choice(CONSTANTS)
    return "".join(rng.choices(LETTERS, k=rng.randint(1, 300)))


def file(rng: random.Random, header: str) -> tuple[str, bytes]:
    """Return the name and content of an import file that is broken as a whole or in its cells."""
    name = rng.choice(("people.csv", "people.xlsx", "people", "a\u202ecsv.exe", "x" * 300 + ".csv"))
    kind = rng.randrange(8)
    if kind == 0:
        return name, rng.randbytes(rng.randint(0, 3000))
    if kind == 1:
        return name, _archive(rng)
    lines = [header, *(_line(rng, header) for _ in range(rng.randint(0, 6)))]
    whole = rng.choice(("\n", "\r\n", "\r")).join(lines)
    if kind == 2:
        whole = whole.replace(",", rng.choice((";", "\t", "|", ",,")))
    encoding = rng.choice(("utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252", "utf-32"))
    return name, whole.encode(encoding, errors="ignore" if encoding != "utf-8" else "surrogatepass")


def _line(rng: random.Random, header: str) -> str:
    cells = []
    for column in header.split(","):
        good = {"email": f"p{rng.randrange(10**6)}@example.ac.uk", "department_code": "LIB", "code": "LIB-1"}
        value = text(rng) if rng.random() < 0.5 else good.get(column, "Ann")
        cells.append('"' + value.replace('"', '""') + '"' if rng.random() < 0.9 else value)
    return ",".join(cells[: rng.choice((len(cells), len(cells), 1, len(cells) - 1))])


def _archive(rng: random.Random) -> bytes:
    """Return a file that is no workbook, or a workbook with broken parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in (
            "[Content_Types].xml",
            "xl/workbook.xml",
            "xl/worksheets/sheet1.xml",
            "xl/sharedStrings.xml",
        ):
            if rng.random() < 0.7:
                archive.writestr(
                    part, rng.choice((b"", b"<a>", b"<?xml version='1.0'?><a/>", rng.randbytes(50)))
                )
    whole = content.getvalue()
    return whole if rng.random() < 0.6 else whole[: rng.randint(0, len(whole))]
