"""Downloads of one appraisal: permissions, content, and typed text that stays text."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import jsonschema
import pytest
from django.test import Client
from django.utils import timezone

from accounts.safe_csv import lines, safe
from appraisals.enums import AppraisalStatus
from appraisals.exports.summary import SCHEMA, summary_of
from appraisals.models import Addition, Appraisal, EvidenceNote
from tests.appraisals.filled import filled
from tests.cast import Cast
from tests.factories import AppraisalFactory, PersonFactory
from tests.shadowing.links import signed_in

pytestmark = pytest.mark.django_db
ENDINGS = ("pdf", "csv", "json")
HOSTILE = (
    '#import "x": *\n#eval("1") *bold* _it_ $x^2$ @ref <label> \\ // /* `raw` [content]',
    '=HYPERLINK("http://evil.example","click") +1 -1 @SUM(A1)',
    "\u202eright to left\u202c שלום עולם العربية \u200f",
    "😀 👩\u200d🔬 漢字 नमस्ते e\u0301 \ufeff\x01\x1b[31m",
    "<script>alert(1)</script> {{ 7|add:1 }} {% now %} '; DROP TABLE x; --",
    "W" * 4000,
    "word " * 800,
)


@pytest.fixture
def appraisal(cast: Cast) -> Appraisal:
    return AppraisalFactory.create(person=cast.shadow, appraiser=cast.manager, department=cast.library)


def url(appraisal: Appraisal, ending: str) -> str:
    return f"/appraisals/{appraisal.pk}/summary.{ending}"


def fetched(person: Any, appraisal: Appraisal, ending: str) -> bytes:
    answer = signed_in(person).get(url(appraisal, ending))
    assert answer.status_code == 200
    return bytes(answer.content)


def checked(summary: dict[str, Any]) -> dict[str, Any]:
    """The summary, once it keeps to its schema, formats included."""
    validator = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    validator.validate(summary)
    return summary


def of_json(person: Any, appraisal: Appraisal) -> dict[str, Any]:
    return checked(json.loads(fetched(person, appraisal, "json")))


def rows(person: Any, appraisal: Appraisal) -> list[list[str]]:
    return list(csv.reader(io.StringIO(fetched(person, appraisal, "csv").decode("utf-8-sig"))))


# --- who -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ENDINGS)
def test_only_both_sides_can_download(cast: Cast, appraisal: Appraisal, ending: str) -> None:
    codes = {
        name: signed_in(person).get(url(appraisal, ending)).status_code
        for name, person in cast.people().items()
    }
    assert {name for name, code in codes.items() if code == 200} == {"shadow", "manager", "deputy"}
    assert {code for code in codes.values() if code != 200} == {404}


@pytest.mark.parametrize("ending", ENDINGS)
def test_former_line_manager_cannot_download(cast: Cast, appraisal: Appraisal, ending: str) -> None:
    cast.shadow.line_manager = cast.stranger
    cast.shadow.save()
    assert signed_in(cast.manager).get(url(appraisal, ending)).status_code == 404
    assert signed_in(cast.stranger).get(url(appraisal, ending)).status_code == 200


@pytest.mark.parametrize("ending", ENDINGS)
def test_visitor_signs_in_first_and_administrators_see_nothing(appraisal: Appraisal, ending: str) -> None:
    assert "/accounts/login/" in Client().get(url(appraisal, ending))["Location"]
    admin = PersonFactory.create(is_staff=True, is_superuser=True)
    assert signed_in(admin).get(url(appraisal, ending)).status_code == 404


@pytest.mark.parametrize("ending", ENDINGS)
def test_file_is_saved_under_a_plain_name_and_kept_by_no_cache(
    cast: Cast, appraisal: Appraisal, ending: str
) -> None:
    cast.shadow.first_name = '"; filename=x\n/../Ä'
    cast.shadow.save()
    answer = signed_in(cast.shadow).get(url(appraisal, ending))
    assert (
        answer["Content-Disposition"]
        == f'attachment; filename="appraisal-this-year-filenamex-a-shadow.{ending}"'
    )
    assert answer["Cache-Control"] == "private, no-store"
    assert signed_in(cast.shadow).post(url(appraisal, ending)).status_code == 405


# --- JSON ------------------------------------------------------------------------------------------------


def test_empty_appraisal_keeps_to_the_schema(cast: Cast, appraisal: Appraisal) -> None:
    found = of_json(cast.shadow, appraisal)
    assert (found["status"], found["conversation"], found["activities"]) == ("open", None, [])
    assert found["appraiser"]["email"] == cast.manager.email


def test_json_holds_all_of_it(cast: Cast, appraisal: Appraisal) -> None:
    found = of_json(cast.manager, filled(appraisal, cast))
    visited = next(one for one in found["activities"] if one["evidence"])
    assert [one["text"] for one in found["objectives"]] == ["CANARY words"]
    assert found["objectives"][0]["agreed_by"] == {"name": "Mary Manager", "email": cast.manager.email}
    assert found["conversation"]["outcome"] == "will_do_both"
    assert len(found["activities"]) == 4
    assert visited["evidence"]["answers"][0] == {"question": "CANARY question", "answer": "CANARY words"}
    assert (visited["objective"], visited["half_days"]) == ("CANARY words", 2)
    assert (visited["from"]["code"], visited["to"]["code"]) == ("LIB", "ITS")


def test_withdrawn_evidence_and_dropped_objectives_are_left_out(cast: Cast, appraisal: Appraisal) -> None:
    filled(appraisal, cast)
    EvidenceNote.objects.update(withdrawn_at=timezone.now(), parts=[])
    appraisal.objectives.update(dropped_at=timezone.now())
    found = of_json(cast.shadow, appraisal)
    assert found["objectives"] == []
    assert not any(one["evidence"] for one in found["activities"])


def test_signatures_and_additions_are_there(cast: Cast, appraisal: Appraisal) -> None:
    signed = timezone.now()
    filled(appraisal, cast)
    Appraisal.objects.update(
        status=AppraisalStatus.SIGNED_OFF,
        person_signed_at=signed,
        appraiser_signed_at=signed,
        appraiser_signed_by=cast.manager,
    )
    Addition.objects.create(appraisal=appraisal, author=cast.shadow, words="One thing more")
    found = of_json(cast.shadow, appraisal)
    assert found["status"] == "signed_off"
    assert found["signatures"]["appraiser"]["name"] == "Mary Manager"
    assert [added["words"] for added in found["additions"]] == ["One thing more"]


def test_exemption_is_exported(cast: Cast, appraisal: Appraisal) -> None:
    Appraisal.objects.update(status=AppraisalStatus.EXEMPT, exempt_reason="other", exempt_words="Away")
    assert of_json(cast.shadow, appraisal)["exemption"] == {"reason": "other", "words": "Away"}


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_come_through_json_unchanged(cast: Cast, appraisal: Appraisal, words: str) -> None:
    found = of_json(cast.shadow, filled(appraisal, cast, words))
    assert found["objectives"][0]["text"] == words[:300]
    assert found["conversation"]["words"] == words[:2000]


def test_schema_is_published_for_everybody(cast: Cast, appraisal: Appraisal) -> None:
    answer = Client().get("/appraisals/schema/appraisal-1.json")
    published = json.loads(answer.content)
    jsonschema.Draft202012Validator.check_schema(published)
    assert answer["Content-Type"] == "application/schema+json"
    assert published["$id"] == of_json(cast.shadow, appraisal)["$schema"]
    jsonschema.Draft202012Validator(published).validate(of_json(cast.shadow, appraisal))


def test_schema_refuses_what_is_not_a_summary(cast: Cast, appraisal: Appraisal) -> None:
    for name, wrong in (("status", "signed"), ("version", 2), ("person", None), ("objectives", [{}])):
        with pytest.raises(jsonschema.ValidationError):
            checked({**summary_of(appraisal), name: wrong})


def test_schema_names_every_field_there_is(cast: Cast, appraisal: Appraisal) -> None:
    found = summary_of(filled(appraisal, cast))
    assert set(found) == set(SCHEMA["properties"]) == set(SCHEMA["required"])
    visited = next(one for one in found["activities"] if one["evidence"])
    described = SCHEMA["$defs"]["activity"]["properties"]
    assert set(visited) == set(described)
    assert set(visited["evidence"]) == set(described["evidence"]["properties"])


def test_queries_do_not_grow_with_what_it_holds(
    cast: Cast, appraisal: Appraisal, django_assert_num_queries: Any
) -> None:
    filled(appraisal, cast)
    for number in range(5):
        filled(AppraisalFactory.create(person=PersonFactory.create()), cast, words=f"Other {number}")
    fresh = Appraisal.objects.select_related("person__line_manager", "cycle", "department", "talk_by")
    found = fresh.get(pk=appraisal.pk)
    with django_assert_num_queries(3):
        summary_of(found)


# --- CSV -------------------------------------------------------------------------------------------------


def test_csv_opens_in_a_spreadsheet_as_utf_8(cast: Cast, appraisal: Appraisal) -> None:
    body = fetched(cast.shadow, filled(appraisal, cast, "Zoë – naïve"), "csv")
    assert body.startswith(b"\xef\xbb\xbf")
    assert ["objective", "", "", "Zoë – naïve", ""] in rows(cast.shadow, appraisal)


def test_csv_holds_all_of_it(cast: Cast, appraisal: Appraisal) -> None:
    found = rows(cast.shadow, filled(appraisal, cast))
    assert found[0] == ["section", "date", "about", "text", "by"]
    sections = {row[0] for row in found[1:]}
    assert {
        "person",
        "department",
        "cycle",
        "appraiser",
        "status",
        "objective",
        "objective agreed",
    } <= sections
    assert {"conversation", "visited", "hosted", "evidence", "acknowledgement"} <= sections
    assert all(len(row) == 5 for row in found)


@pytest.mark.parametrize("words", HOSTILE)
def test_no_cell_is_a_formula(cast: Cast, appraisal: Appraisal, words: str) -> None:
    for row in rows(cast.shadow, filled(appraisal, cast, words)):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "  =", "\u00a0@"])
def test_cell_that_could_be_a_formula_begins_with_an_apostrophe(start: str) -> None:
    assert safe(f"{start}1+1") == f"'{start}1+1"


def test_cells_hold_what_is_given_otherwise() -> None:
    assert [safe(value) for value in (None, 0, 12, "a=b", "a\x00b")] == ["", "0", "12", "a=b", "ab"]
    assert lines([['say "hi"', "a,b", "two\nlines"]]) == b'"say ""hi""","a,b","two\nlines"\r\n'
