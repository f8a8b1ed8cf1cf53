"""Compare every address, method and role with the access matrix, also with ids of other people's records."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tools.drills.access.browser import Browsers, SiteAnswer

OTHER_METHODS = ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")
REFUSED = frozenset({"login", "403", "404", "405"})
GOT_IN = frozenset({"200", "302", "303", "409", "422"})
LEAVER = "leaver"
ROLES_WITHOUT_PART = (
    "anonymous",
    LEAVER,
    "admin",
    "staff",
)  # roles whose rights do not depend on a part in a record
Line = dict[str, Any]


@dataclass
class Findings:
    """How many requests were sent, and a sentence for each wrong answer."""

    asked: Counter[str] = field(default_factory=Counter)
    unexpected: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def note(self, part: str, where: str, found: SiteAnswer, *, fits: bool, role: str = "") -> None:
        """Count one request and note it when it did not get the right answer (``fits``) or failed.

        A person who has left may also be refused pages for everybody.
        """
        self.asked[part] += 1
        if found.cell.startswith("5") or not found.cell.isalnum() or found.cell[0].isupper():
            self.errors.append(f"{where}: {found.cell}")
        elif not fits and not (role == LEAVER and found.cell in REFUSED):
            self.unexpected.append(f"{where}: got {found.cell}")

    def add(self, other: Findings) -> None:
        """Add the findings of another browser."""
        self.asked += other.asked
        self.unexpected += other.unexpected
        self.errors += other.errors

    def wrote(self, where: str, found: SiteAnswer) -> None:
        """Note a request that wrote although it must not."""
        if found.written:
            self.unexpected.append(f"{where}: wrote to {', '.join(sorted(found.written))}")


def matches(found: str, expected: str) -> bool:
    """Return whether an answer is the one the matrix expects."""
    return found == expected or (expected == "yes" and found in GOT_IN)


def every_method(browsers: Browsers, lines: list[Line], findings: Findings) -> None:
    """Send GET and POST as the matrix says; every other method must be refused and write nothing."""
    walked = set[str]()
    for line in lines:
        for role, expected in line["cells"].items():
            _one(browsers, line, role, expected, findings)
        if line["method"] == "GET" and line["url"] not in walked:
            walked.add(line["url"])
            for method in OTHER_METHODS:
                for role, expected in line["cells"].items():
                    _other(browsers, line, role, method, expected, findings)


def _one(browsers: Browsers, line: Line, role: str, expected: str, findings: Findings) -> None:
    found = browsers.ask(role, line["method"], line["url"])
    where = f"{line['where']} by {role}"
    findings.note(
        "matrix", f"{where}, expected {expected}", found, fits=matches(found.cell, expected), role=role
    )
    if line["method"] == "GET" or found.cell in REFUSED:
        findings.wrote(where, found)


def _other(browsers: Browsers, line: Line, role: str, method: str, expected: str, findings: Findings) -> None:
    found = browsers.ask(role, method, line["url"])
    refused = REFUSED | {"again"} | (GOT_IN | {expected} if line["lax"] else set())
    fits = found.cell in ({expected} if method == "HEAD" and not line["lax"] else refused)
    findings.note("other methods", f"{line['where']}: {method} by {role}", found, fits=fits, role=role)
    findings.wrote(f"{line['where']}: {method} by {role}", found)


@dataclass(frozen=True)
class Swap:
    """An address of ``line`` with another id, the role that opens it, and the answer expected."""

    line: Line
    role: str
    url: str
    expected: str
    also: str = ""  # or this: pages may refuse a role first, and rights on open offers hold for all offers


def swaps(lines: list[Line], others: dict[str, str]) -> Iterator[Swap]:
    """Yield each address that contains an id, with ids of the other organisation and of other records.

    For the second organisation everybody of the first is a stranger, except in roles whose rights do not
    depend on a part in a record, such as administrators.
    """
    for line in lines:
        if not line["id"] or line["where"].partition(": ")[2].split()[1].startswith("admin:"):
            continue
        stranger = line["cells"]["stranger"]
        for role, cell in line["cells"].items():
            own = role in ROLES_WITHOUT_PART or stranger == "405"
            if line["other_url"]:
                also = cell if line["for_everybody"] else ""
                yield Swap(line, role, line["other_url"], cell if own else stranger, also)
            for url in _of_other_kinds(line, others):
                refused = cell if cell == "login" or stranger == "405" else "404"
                yield Swap(line, role, url, refused, also="403" if cell == "403" else "")


def _of_other_kinds(line: Line, others: dict[str, str]) -> Iterator[str]:
    """Yield the address with ids of records of other kinds, and with an id of no record."""
    kind = line["url"].strip("/").split("/")[0]
    for name in ("open-offer", "sent", "coming"):
        if KINDS[name] != kind and line["id"] and kind in KINDS.values():
            yield line["url"].replace(line["id"], others[name])
    yield line["url"].replace(line["id"], str(uuid.uuid4()))


KINDS = {"open-offer": "offers", "sent": "requests", "coming": "placements"}


def swapped(browsers: Browsers, chosen: list[Swap], findings: Findings, *, canary: str) -> None:
    """Check that each swapped address is answered as to a stranger and shows nothing of the record."""
    for swap in chosen:
        found = browsers.ask(swap.role, swap.line["method"], swap.url)
        where = f"{swap.line['where']} by {swap.role} at {swap.url}, expected {swap.expected}"
        fits = matches(found.cell, swap.expected) or found.cell == swap.also
        findings.note("swapped ids", where, found, fits=fits, role=swap.role)
        if found.cell in REFUSED:
            findings.wrote(where, found)
        if canary in found.words and swap.role != "admin":
            findings.unexpected.append(f"{where}: shows what is other people’s")


def draw(found: list[Swap], number: int) -> list[Swap]:
    """Return ``number`` of the swaps at random, the same in each run."""
    return random.Random(16).sample(found, min(number, len(found)))
