"""Checks of README and docs: links and images exist, commands and options are real, lists are complete."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.apps import apps
from django.core.management import get_commands, load_command_class

from accounts.protection import retention
from tools.paths import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)|<img [^>]*src=\"([^\"]+)\"")
LONGEST_README = 130
LARGEST_IMAGE = 150_000
IDS = [str(page.relative_to(ROOT)) for page in PAGES]


def without_code(text: str) -> str:
    """Return the text without code blocks and spans, whose brackets are not links."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))


def targets(page: Path) -> Iterator[tuple[str, Path, str]]:
    """Return each relative link or image of a page: as written, its file, its heading."""
    for found in LINK.findall(without_code(page.read_text())):
        link = found[0] or found[1]
        if not re.match(r"[a-z]+:", link):
            name, _, heading = unquote(link).partition("#")
            yield link, (page.parent / name).resolve() if name else page, heading


def headings(page: Path) -> set[str]:
    """Return the anchors that a code forge makes of a page's headings."""
    lines = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", page.read_text(), flags=re.M | re.S), re.M)
    return {re.sub(r"[^\w\- ]", "", line.lower()).strip().replace(" ", "-") for line in lines}


@pytest.mark.parametrize("document", PAGES, ids=IDS)
def test_relative_links_and_images_lead_somewhere(document: Path) -> None:
    found = list(targets(document))
    missing = [link for link, file, _ in found if not file.exists()]
    assert missing == []
    unheaded = [link for link, file, heading in found if heading and heading not in headings(file)]
    assert unheaded == []


def test_every_page_is_linked_from_another() -> None:
    linked = {file for page in PAGES for _, file, _ in targets(page) if file != page}
    assert [
        str(page.relative_to(ROOT)) for page in PAGES if page not in linked and page.name != "README.md"
    ] == []


def test_images_are_small_and_used() -> None:
    used = {file for page in PAGES for _, file, _ in targets(page)}
    for image in (ROOT / "docs/images").glob("*"):
        assert image.stat().st_size < LARGEST_IMAGE, image.name
        assert image in used, f"no page shows {image.name}"


def test_readme_is_short_and_begins_with_demo_and_test() -> None:
    text = (ROOT / "README.md").read_text()
    assert len(text.splitlines()) <= LONGEST_README
    commands = re.findall(r"^ {4}(\S.*?)(?: +#.*)?$", text, re.M)
    assert commands[:2] == ["make demo", "make test"]


def make_targets() -> set[str]:
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.M)
    assert phony
    return set(phony.group(1).split())


def test_commands_page_names_every_make_target_and_no_other() -> None:
    listed = re.findall(r"^\| `make (\w+)", (ROOT / "docs/commands.md").read_text(), re.M)
    assert sorted(listed) == sorted(make_targets())
    named = {word for page in PAGES for word in re.findall(r"`make (\w+)", page.read_text())}
    assert named <= make_targets()


def test_commands_page_names_every_command_of_ours() -> None:
    ours = {name for name, app in get_commands().items() if (ROOT / app.replace(".", "/")).is_dir()}
    listed = set(re.findall(r"^\| `manage\.py (\w+)", (ROOT / "docs/commands.md").read_text(), re.M))
    assert ours - listed == set()


@pytest.mark.parametrize("document", PAGES, ids=IDS)
def test_management_commands_and_their_options_are_real(document: Path) -> None:
    known = get_commands()
    for name, rest in re.findall(r"manage\.py (\w+)((?: [^`\n|]*)?)", document.read_text()):
        assert name in known, name
        parser = load_command_class(known[name], name).create_parser("manage.py", name)
        options = {option for action in parser._actions for option in action.option_strings}
        assert set(re.findall(r"--[a-z][a-z-]+", rest)) <= options, f"{name}{rest}"


@pytest.mark.parametrize("document", PAGES, ids=IDS)
def test_files_and_folders_a_page_names_exist(document: Path) -> None:
    tops = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    named = re.findall(r"`([\w.-]+/[\w./-]*)`", document.read_text())
    ours = [name for name in named if name.split("/")[0] in tops - {"node_modules"}]
    assert [name for name in ours if not (ROOT / name).exists()] == []


def variables_somebody_reads() -> set[str]:
    """Settings and variables of the tools by their table; of make, the image and compose by their files."""
    table = (ROOT / "docs/configuration.md").read_text()
    found = {
        name for row in re.findall(r"^\| (`[^|]+) \|", table, re.M) for name in re.findall(r"[A-Z0-9_]+", row)
    }
    for name, pattern in (
        ("Makefile", r"\$\((\w+)\)|if \$\((\w+)\)|filter drawn,\$\((\w+)\)"),
        ("Dockerfile", r"^ARG (\w+)"),
        ("docker-compose.yml", r"\$\{(\w+)"),
    ):
        text = (ROOT / name).read_text()
        found |= {one for match in re.finditer(pattern, text, re.M) for one in match.groups() if one}
    return found


@pytest.mark.parametrize("document", PAGES, ids=IDS)
def test_variables_a_page_sets_are_read_by_something(document: Path) -> None:
    set_here = set(re.findall(r"(?:^ {4}|`|\s)([A-Z][A-Z0-9_]{3,})=", document.read_text(), re.M))
    assert set_here - variables_somebody_reads() - {"FIELD"} == set()  # FIELD: of a command's option


def test_operations_page_lists_every_period_of_retention() -> None:
    text = (ROOT / "docs/operations.md").read_text().split("\n## Retention\n")[1].split("\n## ")[0]
    listed = dict(re.findall(r"^\| `(\w+)` \|.*\| ([\d,]+) \|", text, re.M))
    assert {name: int(days.replace(",", "")) for name, days in listed.items()} == {
        rule.name: rule.days for rule in retention.rules()
    }


def test_architecture_page_names_every_app() -> None:
    text = (ROOT / "docs/architecture.md").read_text()
    ours = [app.label for app in apps.get_app_configs() if (ROOT / app.name).is_dir()]
    assert [label for label in ours if f"| `{label}` |" not in text] == []


def test_every_decision_is_listed_and_has_its_parts() -> None:
    folder = ROOT / "docs/decisions"
    listed = re.findall(r"\]\(([\d-]+[\w-]*\.md)\)", (folder / "README.md").read_text())
    there = sorted(path.name for path in folder.glob("2*.md"))
    assert sorted(listed) == there
    for name in there:
        text = (folder / name).read_text()
        parts = re.findall(r"^## (.+)$", text, re.M)
        assert parts == ["Context", "Decision", "Alternatives", "Consequences"], name
        assert re.match(r"# .+\n\n\*\*Date:\*\* ", text), name


def test_version_is_the_newest_release_of_the_changelog() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    released = re.findall(r"^## (\d+\.\d+\.\d+)\b", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert released[0] == version
