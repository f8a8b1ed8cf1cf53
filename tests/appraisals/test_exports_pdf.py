"""The PDF summary: one tagged page with text that can be copied, whatever people typed."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from appraisals.enums import AppraisalStatus
from appraisals.exports.glyphs import CUT, ELSEWHERE, shortened, shown
from appraisals.exports.page import PAGE_LIMITS, Page
from appraisals.exports.pdf import pdf_of
from appraisals.exports.summary import Part, summary_of
from appraisals.models import Addition, Appraisal
from departments.models import Department
from tests.appraisals.filled import activity, filled
from tests.appraisals.test_exports import HOSTILE
from tests.cast import Cast
from tests.factories import AppraisalFactory, ObjectiveFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def appraisal(cast: Cast) -> Appraisal:
    return AppraisalFactory.create(person=cast.shadow, appraiser=cast.manager, department=cast.library)


def read(summary: Part) -> tuple[PdfReader, str]:
    """The PDF and its text, without the breaks that only make it fit."""
    reader = PdfReader(io.BytesIO(pdf_of(summary)))
    text = "\n".join(page.extract_text() for page in reader.pages)
    return reader, " ".join(text.replace("\u200b", "").split())


def overfull(appraisal: Appraisal, cast: Cast, words: str) -> Part:
    """More of everything than fits on ten pages."""
    filled(appraisal, cast, words)
    for number in range(2, 12):
        ObjectiveFactory.create(appraisal=appraisal, text=words[:300], position=number)
        activity(appraisal, cast, title=words[:200], partner=words[:220])
        Addition.objects.create(appraisal=appraisal, author=cast.shadow, words=words)
    cast.shadow.first_name, cast.shadow.last_name = words[:100].strip(), words[:100].strip()
    cast.shadow.job_title, cast.shadow.staff_number = words[:150], words[:40]
    appraisal.person = cast.shadow
    summary = summary_of(appraisal)
    for one in summary["activities"]:
        one["evidence"] = next(found["evidence"] for found in summary["activities"] if found["evidence"])
    return summary


def test_summary_is_one_tagged_page_in_english(cast: Cast, appraisal: Appraisal) -> None:
    reader, text = read(summary_of(filled(appraisal, cast, "Learn how calls are sorted.")))
    root: Any = reader.trailer["/Root"]
    assert len(reader.pages) == 1
    assert root["/Lang"] == "en-GB"
    assert str(root["/MarkInfo"]["/Marked"]) == "True"
    assert "/StructTreeRoot" in root
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == "Appraisal summary: Sam Shadow, This year"
    width, height = float(reader.pages[0].mediabox.width), float(reader.pages[0].mediabox.height)
    assert (round(width), round(height)) == (595, 842)
    assert "Learn how calls are sorted." in text


def test_summary_says_everything_in_words(cast: Cast, appraisal: Appraisal) -> None:
    _, text = read(summary_of(filled(appraisal, cast, "Learn how calls are sorted.")))
    for said in (
        "Library Services", "Appraiser Mary Manager", "Open: not signed off yet", "Agreed by Mary Manager on",
        "will visit and will host", "Took place", "Called off", "IT Services, with", "received Hana Host",
        "What was learned", "Acknowledged by Mary Manager on", "Not signed yet", str(appraisal.pk),
    ):  # fmt: skip
        assert said in text, said
    for machine in ("will_do_both", "took_place", "None", "T00:00"):
        assert machine not in text, machine


def test_empty_summary_says_what_is_missing(appraisal: Appraisal) -> None:
    _, text = read(summary_of(appraisal))
    assert "No objectives are written down." in text
    assert "No conversation is recorded yet." in text
    assert "No visits in this cycle." in text


def test_exempt_and_signed_off_say_so(cast: Cast, appraisal: Appraisal) -> None:
    appraisal.exempt_reason, appraisal.exempt_words = "long_absence", "Back in May"
    assert "No appraisal in this cycle: on long absence. Back in May" in read(summary_of(appraisal))[1]
    appraisal.exempt_reason = ""
    appraisal.status = AppraisalStatus.SIGNED_OFF
    assert "Signed off by both" in read(summary_of(appraisal))[1]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words_on_one_page(cast: Cast, appraisal: Appraisal, words: str) -> None:
    reader, text = read(overfull(appraisal, cast, words))
    assert len(reader.pages) == 1
    assert "continued in the record" in text


def test_markup_is_shown_as_it_was_typed(cast: Cast, appraisal: Appraisal) -> None:
    _, text = read(summary_of(filled(appraisal, cast, '#import "x" *bold* $x$ @ref <label>')))
    assert '#import "x" *bold* $x$ @ref <label>' in text


def test_long_words_stop_with_a_whole_word_and_a_hint(cast: Cast, appraisal: Appraisal) -> None:
    _, text = read(overfull(appraisal, cast, "sentence " * 400))
    assert f"sentence{CUT}" in text
    assert "more: continued in the record." in text
    assert not any(cut in text for cut in ("sentenc…", "sent…"))


def test_short_summary_is_not_shortened(cast: Cast, appraisal: Appraisal) -> None:
    _, text = read(summary_of(filled(appraisal, cast, "A sentence of ordinary length. " * 8)))
    assert "continued in the record" not in text


def test_strictest_limits_fit_the_widest_text_on_one_page(cast: Cast, appraisal: Appraisal) -> None:
    Department.objects.filter(pk=cast.library.pk).update(name="W" * 160)
    appraisal.department.name = "W" * 160  # type: ignore[union-attr]  # it has one
    summary = overfull(appraisal, cast, "W" * 4000)
    summary["cycle"]["name"] = "W" * 60
    contents = Page(summary, PAGE_LIMITS[-1]).contents()
    assert len(contents["learned"]) == len(contents["visits"]) == 1
    assert len(read(summary)[0].pages) == 1


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("a😀b", "a [grinning face] b"),
        ("👩\u200d🔬", "[woman] [microscope]"),
        ("漢字 and more", f"{ELSEWHERE} and more"),
        ("e\u0301te\u0301", "été"),
        ("a\x00\x01\x1bb \ufeff\u202ec\u202c", "ab c"),
        ("two\n\n  lines\t", "two lines"),
        ("שלום", "שלום"),
        ("`code` ^caret", "`code` ^caret"),
        ("", ""),
    ],
)
def test_letters_that_cannot_be_printed_are_put_into_words(typed: str, seen: str) -> None:
    assert shown(typed) == seen


def test_shortened_words_are_never_longer_than_they_may_be() -> None:
    for most in (60, 61, 90, 400):
        assert len(shortened("word " * 500, most).replace("\u200b", "")) <= most
        assert len(shortened("W" * 500, most).replace("\u200b", "")) <= most
    assert shortened("short", 60) == "short"


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(min_size=1, max_size=60))
def test_any_text_gives_one_page(words: str, example: Part) -> None:
    example["objectives"] = [{"text": words, "agreed_at": None, "agreed_by": None}]
    example["person"]["name"] = words
    assert pdf_of(example).startswith(b"%PDF")


@pytest.fixture
def example(appraisal: Appraisal) -> Part:
    return summary_of(appraisal)
