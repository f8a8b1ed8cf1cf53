"""The part of a visit's page for reflections, thanks and follow-ups."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.days import day, moment
from accounts.models import Person
from shadowing.models import Placement, Reflection, ThankYou
from shadowing.reflections.sharing import is_open, outcomes_for, readable, side_of
from shadowing.reflections.workflow.follow_ups import open_question
from shadowing.reflections.workflow.reflecting import AFTER
from shadowing.rules.participants import reading_of


@dataclass(frozen=True)
class Writing:
    """The state of the reflection of the viewer's side, and the link to continue it."""

    sentence: str
    label: str
    url: str
    to_begin: bool = False


def after_context(placement: Placement, person: Person, actions: Collection[str]) -> dict[str, Any]:
    """Return the context of that part for ``person``, who may perform ``actions``."""
    if placement.status not in AFTER:
        return {}
    side, reflections = side_of(person, placement), list(placement.reflections.select_related("author"))
    others = [reading for reading in readable(placement, person) if reading.reflection.author_id != person.pk]
    return {
        "writing": _writing(placement, person, side, reflections) if side else None,
        "readings": others,
        "others_open": is_open(placement, reflections),
        "share_on": placement.share_on,
        "other": _other(placement, person) if side else None,
        "thanks": _thanks(placement, person),
        "thanks_url": _address("thanks", placement) if "say_thanks" in actions else "",
        "later_url": _address("later", placement) if "answer_later" in actions else "",
        "later_asked_at": _asked_at(placement) if "answer_later" in actions else None,
        "outcomes": outcomes_for(placement, person),
    }


def _thanks(placement: Placement, person: Person) -> ThankYou | None:
    thanks = ThankYou.objects.filter(placement=placement).first()
    return thanks if thanks is not None and reading_of(person, placement).may(thanks.at) else None


def _address(name: str, placement: Placement) -> str:
    return reverse(f"shadowing:{name}", args=[placement.pk])


def _other(placement: Placement, person: Person) -> Person:
    return placement.host if placement.shadow_id == person.pk else placement.shadow


def _asked_at(placement: Placement) -> Any:
    question = open_question(placement)
    return question.asked_at if question else None


def _writing(placement: Placement, person: Person, side: str, reflections: list[Reflection]) -> Writing:
    url = _address("reflection", placement)
    mine = next((one for one in reflections if one.side == side), None)
    if mine is None:
        fresh = "Ten minutes while it is fresh: one answer is enough."
        return Writing(fresh, "Write a few lines", url, to_begin=True)
    if mine.author_id != person.pk:
        done = f"sent it on {day(mine.sent_at)}" if mine.sent_at else "has begun to write"
        return Writing(f"{mine.author.full_name} writes for your side and {done}.", "", url)
    if mine.sent_at is None:
        kept = f"Your draft was kept on {moment(mine.saved_at)}. It is private until you send it."
        return Writing(kept, "Go on writing", url)
    sent = f"You sent it on {day(mine.sent_at)}. You can change it, and who reads it, at any time."
    return Writing(sent, "Read or change it", url)
