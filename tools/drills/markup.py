"""P23: markup in people's words has no effect.

Markup with htmx attributes and template placeholders is written into every text of every record. Then every
page that people of each role can open, the administration, mails and downloads are read: none may contain it
as markup, and no placeholder may be filled in. The control puts one ``|safe`` back.
"""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from unittest import mock

from django.db import transaction
from django.template import engines
from django.template.loaders.filesystem import Loader

from accounts.models import Person
from accounts.protection.data_export import export_zip
from accounts.workflow import perform
from messaging.models import Message
from shadowing.models import Request
from tools.drills.addresses import Browser, SiteMap, patterns
from tools.drills.drill import Scale
from tools.drills.full_organisation import people_by_role
from tools.drills.inner import print_result
from tools.drills.inputs import FEW_ROLES, ROLES, quiet
from tools.drills.report import Result
from tools.drills.stored_texts import FILLED, RAW, SHOWN, plant

TRUSTED = ("departments/department_detail.html", "{{ department.name }}", "{{ department.name|safe }}")


class Reader:
    """Reads HTML; notes planted texts that are unescaped, filled in, or escaped as they should be."""

    def __init__(self, planted: dict[str, str]) -> None:
        self.planted = planted
        self.shown = set[str]()
        self.faults = Counter[str]()
        self.pages = 0

    def check_page(self, role: str, route: str, response: Any) -> None:
        """Check one page."""
        self.pages += 1
        if response.status_code >= 500 and route != "readyz":  # readyz answers 503 while a part is away
            self.faults[f"{route or '/'} as {role} answered {response.status_code}"] += 1
        kind = response.headers.get("Content-Type", "")
        if not response.streaming and kind.startswith("text/html"):
            self.read(response.content.decode(errors="replace"), f"{route or '/'} as {role}")
        elif response.headers.get("X-Content-Type-Options") != "nosniff":
            self.faults[f"{route} as {role} may be taken for markup"] += 1

    def read(self, text: str, where: str) -> None:
        """Check some HTML; ``where`` names it in the report."""
        self.shown |= {self.planted.get(number, "") for number in SHOWN.findall(text)}
        for number in set(RAW.findall(text)):
            self.faults[f"{where}: {self.planted.get(number, number)} is raw"] += 1
        for number in set(FILLED.findall(text)):
            self.faults[f"{where}: a placeholder in {self.planted.get(number, number)} was filled"] += 1


@contextmanager
def trusting() -> Iterator[None]:
    """The control: one template trusts one name."""
    name, escaped, trusted = TRUSTED
    read = Loader.get_contents

    def get_contents(self: Loader, origin: Any) -> str:
        text = read(self, origin)
        return text.replace(escaped, trusted) if origin.template_name == name else text

    with mock.patch.object(Loader, "get_contents", get_contents):
        forget_templates()
        yield
    forget_templates()


def forget_templates() -> None:
    """Make Django read templates from their files again."""
    for loader in engines["django"].engine.template_loaders:  # type: ignore[attr-defined]  # of Django's own backend
        loader.reset()


def act(scale: Scale, guarded: bool) -> Result:
    """Full scale: six roles; short: three."""
    result = Result()
    with quiet(), transaction.atomic(), nullcontext() if guarded else trusting():
        people = people_by_role()
        reader = Reader(plant())
        _pages(people, reader, scale.of(ROLES, FEW_ROLES) if guarded else FEW_ROLES[:1])
        if guarded:
            _mails(reader)
            _downloads(people, reader)
        transaction.set_rollback(True)
    columns = set(reader.planted.values())
    result.requests = reader.pages
    result.done = (
        f"{len(reader.planted)} texts in {len(columns)} columns, {reader.pages} pages and mails read"
    )
    result.numbers["columns shown"] = f"{len(reader.shown & columns)} of {len(columns)}"
    result.numbers["routes"] = f"{len(patterns())} in all"
    result.expect(len(reader.shown) > 20, f"Only {len(reader.shown)} columns were shown anywhere.")
    for fault, times in reader.faults.most_common(40):
        result.expect(False, f"{times} × {fault}.")
    return result


def _pages(people: dict[str, Person], reader: Reader, roles: tuple[str, ...]) -> None:
    found = SiteMap(on_page=reader.check_page)
    for role in roles:
        people[role].refresh_from_db()
        found.explore(Browser.of(role, people[role]))


def _mails(reader: Reader) -> None:
    """Read all mails, after a step of a request whose texts all hold markup."""
    for request in Request.objects.filter(status="with_manager"):
        approver = request.decisions.filter(outcome="pending").latest("asked_at").asked
        perform(request, "approve", actor=approver, words="<i hx-get=/q0>")
    for message in Message.objects.all():
        reader.pages += 1
        reader.read(message.html, f"the mail {message.template}")


def _downloads(people: dict[str, Person], reader: Reader) -> None:
    """Read the pages of the data exports that people download."""
    for person in people.values():
        with zipfile.ZipFile(io.BytesIO(export_zip(person))) as file:
            reader.pages += 1
            reader.read(file.read("index.html").decode(), "index.html of what is held")


if __name__ == "__main__":
    print_result(act)
