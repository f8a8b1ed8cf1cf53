"""Reading files: encodings, workbooks, damaged files, ZIP bombs, short and long lines."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from departments.imports import reader, sources
from departments.imports.fields import Field, Fields
from departments.imports.reader import Line, read_table
from departments.imports.report import FileRefusedError, Finding, Report, Where, quoted
from tests.departments.files import write_csv, write_xlsx

KNOWN = Fields(
    fields=(Field("code", "Code"), Field("name", "Name"), Field("site", "Site")),
    needed=(("code",), ("name",)),
    yields={},
)


def read(path: Path) -> list[Line | Finding]:
    return list(read_table(path, KNOWN).lines)


def cells(path: Path) -> list[dict[str, str]]:
    return [line.cells for line in read(path) if isinstance(line, Line)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file.csv"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_with_or_without_its_mark(file: Path, encoding: str) -> None:
    write_csv(file, ("code", "name"), ("A", "Núñez"), encoding=encoding)
    assert cells(file) == [{"code": "A", "name": "Núñez"}]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            "code,name\nA,ä\n".encode() + "B,Núñez\n".encode("cp1252"),
            r"Line 3 is not written in UTF-8 \(byte 0xfa\)",
        ),
        (b"code,name\nA,a\x81\x8d\n", "It is no text"),
        ("code,name\nA,Núñez\n".encode("utf-16")[:-5], "begins as UTF-16 and breaks off"),
        ("code,name\nA,Nú".encode()[:-1], "ends in the middle of a character"),
        (b"BM\x00\x00\x00\x00picture", "no text"),
    ],
    ids=["two encodings", "no encoding", "half of UTF-16", "half a character", "picture"],
)
def test_other_bytes_are_refused_in_words(file: Path, content: bytes, words: str) -> None:
    file.write_bytes(content)
    with pytest.raises(FileRefusedError, match=words):
        read(file)


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n123", b"%PDF-1.4", b"\xd0\xcf\x11\xe0", b"PK\x03\x04broken", b""]
)
def test_what_is_no_table_is_refused(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(FileRefusedError):
        read(file)


@pytest.mark.parametrize("where", ["absent.csv", ".", "na\x00me.csv"])
def test_what_cannot_be_opened_is_refused(tmp_path: Path, where: str) -> None:
    with pytest.raises(FileRefusedError):
        read(tmp_path / where)


def test_columns_are_read_in_any_order_and_case(file: Path) -> None:
    table = read_table(write_csv(file, (" Name", "extra", "CODE "), ("n", "x", "c")), KNOWN)
    assert (set(table.columns), table.unknown) == ({"name", "code"}, ["extra"])
    line = next(table.lines)
    assert isinstance(line, Line)
    assert line.cells == {"name": "n", "code": "c"}


def test_duplicate_column_is_refused(file: Path) -> None:
    with pytest.raises(FileRefusedError, match="stands twice: code"):
        read(write_csv(file, ("code", "name", "Code"), ("a", "b", "c")))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_of_other_countries_are_understood(file: Path, delimiter: str) -> None:
    file.write_text(f"code{delimiter}name\nA{delimiter}B\n")
    assert cells(file) == [{"code": "A", "name": "B"}]


def test_numbers_are_those_of_the_text_file(file: Path) -> None:
    file.write_text('code,name\n\nA,"two\nlines"\n,\nB,b\n')
    assert [line.where if isinstance(line, Line) else None for line in read(file)] == [
        Where(3, 4),
        Where(6, 6),
    ]


def test_line_that_is_cut_off_is_refused(file: Path) -> None:
    file.write_text("code,name,site\nA,a\nB,b,c\n")
    first, second = read(file)
    assert isinstance(first, Finding)
    assert str(first).startswith("Line 2, site: The line ends after 2 of 3 cells.")
    assert isinstance(second, Line)


def test_line_with_a_cell_too_many_is_refused(file: Path) -> None:
    file.write_text("code,name\nA,Marketing, Recruitment\nB,b,\n")
    first, second = read(file)
    assert isinstance(first, Finding)
    assert isinstance(second, Line)


def test_quotation_mark_left_open_names_all_its_lines(file: Path) -> None:
    file.write_text('code,name,site\nA,"open,x\nB,b,y\nC,c,z\n')
    (found,) = read(file)
    assert isinstance(found, Finding)
    assert found.where.first == 2


def test_cell_of_a_million_characters_refuses_only_its_line(file: Path) -> None:
    file.write_text(f"code,name\nA,{'x' * 1_000_000}\nB,b\n")
    assert len(read(file)) == 2


def test_file_that_is_too_large_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_csv(file, ("code", "name"), ("A", "a"))
    monkeypatch.setattr(sources, "LARGEST", 5)
    with pytest.raises(FileRefusedError, match="larger than"):
        read(file)


def test_file_with_too_many_lines_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_csv(file, ("code", "name"), ("A", "a"), ("B", "b"))
    monkeypatch.setattr(reader, "MOST_LINES", 1)
    with pytest.raises(FileRefusedError, match="more than 1 lines"):
        read(file)


def test_workbook_gives_its_first_sheet_as_text(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "hr.csv",  # the name does not matter
        ("code", "name", "site"),
        ("A", dt.datetime(2024, 3, 1), 7.0),  # noqa: DTZ001  # Excel knows no zones
        ("B", True),
        (None, None, None),
        ("C", "x", 2.5),
    )
    lines = [line for line in read(path) if isinstance(line, Line)]
    assert [line.cells for line in lines] == [
        {"code": "A", "name": "2024-03-01", "site": "7"},
        {"code": "B", "name": "TRUE", "site": ""},
        {"code": "C", "name": "x", "site": "2.5"},
    ]
    assert lines[-1].where == Where(5, 5)


def test_workbook_tells_of_other_sheets_and_formulas(tmp_path: Path) -> None:
    path = with_formula(tmp_path, "<v>2</v>")
    table = read_table(path, KNOWN)
    (line,) = table.lines
    assert isinstance(line, Line)
    assert line.cells["name"] == "2"
    assert table.remarks == [
        "The workbook has 2 sheets; the first, “Sheet”, was read.",
        "Some cells are formulas: what they showed when the workbook was saved was read.",
    ]


def test_workbook_with_formulas_never_worked_out_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="never worked out"):
        read(with_formula(tmp_path, "<v />"))


def with_formula(folder: Path, value: str) -> Path:
    path = write_xlsx(folder / "a.xlsx", ("code", "name"), ("A", "=1+1"))
    return with_sheet(path, folder / "b.xlsx", lambda xml: re.sub(b"<v ?/>|<v></v>", value.encode(), xml))


def with_sheet(path: Path, to: Path, change: Callable[[bytes], bytes]) -> Path:
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            new.writestr(part, change(content) if part.filename.endswith("sheet1.xml") else content)
    return to


def test_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    small = write_xlsx(tmp_path / "a.xlsx", ("code", "name"), ("A", "a"))
    row = b"<row>" + b"<c/>" * 2_000_000 + b"</row></sheetData>"
    path = with_sheet(small, tmp_path / "bomb.xlsx", lambda xml: xml.replace(b"</sheetData>", row))
    assert path.stat().st_size < 100_000
    with pytest.raises(FileRefusedError, match="unpacks to"):
        read(path)


def test_workbook_with_entities_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", ("code", "name"), ("A", "a"))
    entity = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>'
    bomb = with_sheet(
        path, tmp_path / "bomb.xlsx", lambda xml: entity + xml.replace(b"<?xml version='1.0'?>", b"")
    )
    with pytest.raises(FileRefusedError, match="cannot be read"):
        read(bomb)


def test_workbook_cut_off_half_way_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", ("code", "name"), ("A", "a"))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(FileRefusedError, match="cannot be read"):
        read(path)


def test_quoted_value_is_short_and_shows_what_cannot_be_seen() -> None:
    assert quoted("a\x1b[31m\x00") == "“a<U+001B>[31m<U+0000>”"
    assert len(quoted("x" * 5000)) < 50


def test_report_counts_lines_and_says_whether_it_wrote() -> None:
    report = Report(created=2)
    report.refuse([Finding(Where(3, 3), "b", "x", "y"), Finding(Where(2, 2), "a", "x", "y")])
    assert next(iter(report.lines())).startswith("Line 2")
    assert report.summary() == "2 would be created, 0 would be changed, 0 unchanged, 2 refused."
