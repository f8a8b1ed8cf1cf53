"""Test that search text is limited in length and number of words, and its operators are valid."""

from __future__ import annotations

import ast
import random

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.free_text import LONGEST, LONGEST_WORD, MOST_TERMS, one_line, terms, web_query
from accounts.models import Person
from tests.architecture import code
from tests.cast import Cast

PIECES = (
    "-",
    '"',
    " or ",
    "OR",
    "(",
    ")",
    "&",
    "|",
    "!",
    "<->",
    ":*",
    "'",
    "\\",
    "\x00",
    "\ud800",
    "%",
    "_",
    "a",
    "é",
    "IT",
)


def hostile() -> list[str]:
    rng = random.Random(8)
    made = ["".join(rng.choices(PIECES, k=rng.randint(1, 120))) for _ in range(300)]
    return [
        *made,
        "-" * 33,
        "- " * 400,
        "(" * 5000 + "a",
        "a" * 10_000,
        "a-" * 5000,
        '"' * 99,
        "a or " * 500,
        " -a" * 400,
    ]


def test_text_is_one_printable_line_within_its_bound() -> None:
    for text in hostile():
        found = one_line(text)
        assert len(found) <= LONGEST
        assert found == "" or found.isprintable()
        assert len(terms(text)) <= MOST_TERMS
        assert all(len(term) <= LONGEST_WORD for term in terms(text))


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("exam boards", "exam boards"),
        ('"exam boards" -finals', '"exam boards" -finals'),
        ("exams or finals", "exams or finals"),
        ("or exams or", "exams"),
        ("exams or OR finals", "exams or finals"),
        ("-" * 33, ""),
        ("---exams", "-exams"),
        ("sign-in O’Brien C++ r.t@example.ac.uk", "sign-in O’Brien C++ r.t@example.ac.uk"),
        ('"left open', '"left open"'),
        ("(((exams & (finals)))", "exams finals"),
        ('-"" x', "x"),
    ],
)
def test_query_keeps_what_people_know_from_the_web(typed: str, query: str) -> None:
    assert web_query(typed) == query


@pytest.mark.django_db
def test_database_parses_every_query() -> None:
    with connection.cursor() as cursor:
        for text in hostile():
            cursor.execute("SELECT websearch_to_tsquery('simple', %s)::text", [web_query(text)])


@pytest.mark.django_db
def test_people_are_looked_for_by_a_bounded_number_of_words() -> None:
    query = str(Person.objects.named("ab " * 5000).query)
    assert query.count("LIKE") <= MOST_TERMS


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["-" * 33, "(" * 300, "a-" * 99, "\x00", '" or - or "', "%' OR 1=1", "a" * 3000]
)
def test_every_search_of_the_site_answers(client: Client, cast: Cast, text: str) -> None:
    cast.coordinator.is_staff = cast.coordinator.is_superuser = True
    cast.coordinator.save()
    client.force_login(cast.coordinator)
    pages = ["shadowing:offer-list", "departments:list", "coordination:desk-people", "accounts:people"]
    pages += [
        f"admin:{name}_changelist"
        for name in ("accounts_person", "shadowing_offer", "departments_department")
    ]
    for page in pages:
        answer = client.get(reverse(page), {"q": text, "who": text})
        assert answer.status_code in ({200, 400} if "admin" in page else {200}), page


SEARCHING = {"q", "who", "deputy", "to"}


def test_every_search_takes_its_words_from_here() -> None:
    """What a view reads of an address to search with is given to ``one_line`` at once; one module parses."""
    for file in code():
        if "SearchQuery(" in file.text or "iregex" in file.text:
            assert file.name == "shadowing/offers/search.py"
        if not any(f'.get("{name}"' in file.text for name in SEARCHING):
            continue
        parents = {child: node for node in ast.walk(file.tree) for child in ast.iter_child_nodes(node)}
        for node in ast.walk(file.tree):
            if isinstance(node, ast.Call) and _reads_words(node):
                assert _bounded(node, parents), f"{file.name}:{node.lineno}"


def _reads_words(call: ast.Call) -> bool:
    """``query.get("q")`` of a mapping that is an address."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "get" or not call.args:
        return False
    given = call.args[0]
    of = ast.unparse(call.func.value)
    return isinstance(given, ast.Constant) and given.value in SEARCHING and of in {"request.GET", "query"}


def _bounded(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    while node in parents:
        node = parents[node]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "one_line":
            return True
    return False
