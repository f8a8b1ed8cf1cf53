"""What tests of the coordinator's cycles have in common."""

from __future__ import annotations

from typing import Any

from appraisals.models import Appraisal, Cycle

LIST = "/coordinate/cycles/"


def url(cycle: Cycle, page: str = "") -> str:
    return f"{LIST}{cycle.starts_on.isoformat()}/{page}"


def pages(cycle: Cycle, appraisal: Appraisal) -> list[str]:
    of_cycle = ("", "edit/", "progress/", "open/", "people/", "people/?q=sam", f"people/{appraisal.pk}/")
    return [
        LIST,
        f"{LIST}new/",
        f"{LIST}columns/",
        f"{LIST}columns.csv",
        *(url(cycle, page) for page in of_cycle),
    ]


def text(answer: Any) -> str:
    return str(answer.content.decode())


def given(**changed: str) -> dict[str, str]:
    return {"name": "2040/41", "starts_on": "2040-08-01", "ends_on": "2041-07-31", "talk_from": "", **changed}


def errors(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 422
    return {name: list(sentences) for name, sentences in answer.context["form"].errors.items()}
