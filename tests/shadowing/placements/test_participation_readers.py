"""Rights of an agreed visit come from its own table: what is about visits asks no offer for them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.architecture import ROOT, Source, sources

# What is about agreed visits, and what decides who reads of them.
OF_VISITS = (
    *(
        "shadowing.rules.participants",
        "shadowing.rules.participation_policies",
        "shadowing.rules.placements_to_see",
    ),
    *("shadowing.reflections", "shadowing.placements.pages", "shadowing.placements.encryption"),
    *("shadowing.offers.feeds", "shadowing.mail.invitations", "shadowing.mail.emails"),
    *("shadowing.privacy.data_export", "home.views.home"),
    *(
        f"shadowing.placements.workflow.{name}"
        for name in (
            *("adjustments", "apply_dates", "arranging", "cancelling", "hosting", "joining", "move_requests"),
            *("moving", "visit_clock", "visit_closing", "visiting"),
        )
    ),
)
# Offers and requests, whose hosts the offer rightly says: before anything is agreed.
OF_OFFERS = {
    ("shadowing.rules.policies", "is_host"),
    ("shadowing.rules.policies", "can_answer_as_host"),
    ("shadowing.rules.policies", "can_edit_offer"),
}
ASKED = re.compile(r"co_hosts|offer__host|\bis_host\b|\bhosts_of\b")
HELD = {"co_hosts": "the offers somebody co-hosts, in what is held about them"}
TEMPLATES = re.compile(
    r"(placement_|visit_(?!suggested)|move_|rest_called|day_before|hosts_changed|hosting_ended|comment_|"
    r"reflection_|thanks_|later_|missed_|host_left)"
)


def about_visits() -> Iterator[Source]:
    for file in sources("shadowing", "home"):
        if file.module.startswith(OF_VISITS):
            yield file


def names_in(file: Source) -> Iterator[tuple[int, str]]:
    """Names, attributes and texts of the code, but no docstrings."""
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Attribute):
            yield node.lineno, f"{ast.unparse(node)}"
        elif isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value:
            yield node.lineno, node.value


def test_modules_about_visits_ask_no_offer_who_hosts() -> None:
    wrong = [
        f"{file.name}:{line}: {name}"
        for file in about_visits()
        for line, name in names_in(file)
        if (ASKED.search(name) or name.endswith("offer.host")) and name not in HELD
    ]
    assert not wrong, wrong


def test_policies_ask_the_offer_of_offers_and_requests_alone() -> None:
    for file in sources("shadowing"):
        if not file.module.endswith("policies"):
            continue
        for function in file.functions():
            asked = any(ASKED.search(name) for node in ast.walk(function) for name in _name(node))
            assert not asked or (file.module, function.name) in OF_OFFERS, f"{file.name}: {function.name}"


def _name(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.Name):
        yield node.id


def test_mails_about_visits_name_the_host_of_the_visit() -> None:
    folder = ROOT / "templates" / "emails"
    asked = [
        path.name
        for path in sorted(folder.iterdir())
        if TEMPLATES.match(path.name) and "offer.host" in path.read_text()
    ]
    assert not asked, asked
