"""The summary of one appraisal as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from accounts.safe_csv import BOM, lines
from appraisals.exports.summary import Part

HEADER = ("section", "date", "about", "text", "by")
Row = tuple[object, object, object, object, object]


def csv_of(summary: Part) -> bytes:
    """Return everything that the JSON holds as CSV, with one line per record."""
    return BOM + lines([HEADER, *_rows(summary)])


def _rows(summary: Part) -> Iterator[Row]:
    yield from _head(summary)
    for objective in summary["objectives"]:
        yield ("objective", "", "", objective["text"], "")
        if objective["agreed_at"]:
            yield (
                "objective agreed",
                objective["agreed_at"],
                objective["text"],
                "",
                _name(objective["agreed_by"]),
            )
    talk = summary["conversation"]
    if talk is not None:
        yield ("conversation", talk["held_on"], talk["outcome"], talk["words"], _name(talk["recorded_by"]))
    yield from chain.from_iterable(_activity(activity) for activity in summary["activities"])
    yield from _signed(summary)
    for addition in summary["additions"]:
        yield ("addition", addition["at"], "", addition["words"], _name(addition["author"]))


def _head(summary: Part) -> Iterator[Row]:
    person, department, cycle = summary["person"], summary["department"], summary["cycle"]
    for name in ("name", "email", "staff_number", "job_title"):
        yield ("person", "", name, person[name], "")
    if department is not None:
        yield ("department", "", department["code"], department["name"], "")
    yield ("cycle", cycle["starts_on"], "first day", cycle["name"], "")
    yield ("cycle", cycle["ends_on"], "last day", cycle["name"], "")
    yield ("appraiser", "", "", "", _name(summary["appraiser"]))
    yield ("status", "", "", summary["status"], "")
    if summary["exemption"] is not None:
        yield ("exemption", "", summary["exemption"]["reason"], summary["exemption"]["words"], "")


def _activity(activity: Part) -> Iterator[Row]:
    title, part = activity["title"], activity["part"]
    yield (part, activity["starts_on"], title, activity["state"], activity["partner"])
    yield (f"{part} until", activity["ends_on"], title, f"{activity['half_days']} half-days", "")
    yield (f"{part} from and to", "", title, f"{activity['from']['name']} to {activity['to']['name']}", "")
    if activity["objective"]:
        yield (f"{part} for objective", "", title, activity["objective"], "")
    if activity["outcome"]:
        yield ("outcome", activity["outcome_on"], title, activity["outcome"], "")
    note = activity["evidence"]
    if note is None:
        return
    for answer in note["answers"]:
        yield ("evidence", note["released_at"], answer["question"], answer["answer"], _name(note["author"]))
    if note["acknowledged_at"]:
        by = _name(note["acknowledged_by"])
        yield ("acknowledgement", note["acknowledged_at"], title, note["comment"], by)


def _signed(summary: Part) -> Iterator[Row]:
    given = summary["signatures"]
    if given["person_at"]:
        yield ("signed by the person", given["person_at"], "", "", _name(summary["person"]))
    if given["appraiser_at"]:
        yield ("signed by the appraiser", given["appraiser_at"], "", "", _name(given["appraiser"]))


def _name(somebody: Part | None) -> str:
    return str(somebody["name"]) if somebody else ""
