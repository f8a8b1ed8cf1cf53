"""The reflection questions in the admin: add, edit, order, retire; answered ones are protected."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from shadowing.models import Answer, Placement, Reflection, ReflectionQuestion, ThankYou
from tests.cast import Cast
from tests.factories import PersonFactory
from tests.shadowing.reflecting import (
    CANARY,
    answer_to,
    page_url,
    question,
    rating,
    sent,
    visited,
    words,
)
from tests.shadowing.requesting import get, signed_in, text

LIST = "admin:shadowing_reflectionquestion_changelist"
ONE_MORE = {"side": "shadow", "kind": "text", "text": "Whom did I meet?", "hint": "", "key": "met"}


@pytest.fixture
def administrator(db: None) -> Person:
    """Who runs the system."""
    return PersonFactory.create(is_staff=True, is_superuser=True)


@pytest.fixture
def placement(cast: Cast) -> Placement:
    """A visit that is over."""
    return visited(cast)


def page_of(one: ReflectionQuestion, what: str = "change") -> str:
    """Its page in the administration."""
    return reverse(f"admin:shadowing_reflectionquestion_{what}", args=[one.pk])


def edited(client: Client, one: ReflectionQuestion, **given: Any) -> int:
    """Save its page with other values."""
    form = {name: getattr(one, name) for name in ("side", "kind", "text", "hint", "key", "position")}
    return client.post(page_of(one), {**form, "scheme": one.scheme_id, **given}).status_code


def in_bulk(client: Client, action: str, *some: ReflectionQuestion) -> str:
    """Do something with ticked questions."""
    given = {"action": action, "_selected_action": [one.pk for one in some]}
    return client.post(reverse(LIST), given, follow=True).content.decode()


def test_question_is_added_and_asked(cast: Cast, placement: Placement, administrator: Person) -> None:
    add = reverse("admin:shadowing_reflectionquestion_add")
    given = {**ONE_MORE, "scheme": cast.scheme.pk, "position": 2}
    assert signed_in(administrator).post(add, given).status_code == 302
    page = text(get(cast.shadow, page_url(placement)))
    asked = ["How far was each objective met?", "Whom did I meet?", "Would I recommend this visit?"]
    assert sorted(asked, key=page.index) == asked


def test_same_key_twice_is_refused_with_a_sentence(cast: Cast, administrator: Person) -> None:
    add = reverse("admin:shadowing_reflectionquestion_add")
    given = {**ONE_MORE, "scheme": cast.scheme.pk, "position": 2, "key": "recommend"}
    page = signed_in(administrator).post(add, given).content.decode()
    assert "Another question has this key already." in page


def test_order_is_changed_in_the_list(cast: Cast, placement: Placement, administrator: Person) -> None:
    mine = list(ReflectionQuestion.objects.filter(side="shadow").order_by("position"))
    client = signed_in(administrator)
    shown = client.get(reverse(LIST)).context["cl"].result_list
    form = {"form-TOTAL_FORMS": len(shown), "form-INITIAL_FORMS": len(shown), "_save": "Save"}
    for number, one in enumerate(shown):
        form[f"form-{number}-id"] = one.pk
        form[f"form-{number}-position"] = 9 if one.pk == mine[0].pk else one.position
    assert client.post(reverse(LIST), form).status_code == 302
    page = text(get(cast.shadow, page_url(placement)))
    assert page.index(mine[1].text) < page.index(mine[-1].text) < page.index(mine[0].text)


def test_other_words_do_not_change_what_was_answered(
    cast: Cast, placement: Placement, administrator: Person
) -> None:
    sent(placement, cast.shadow, words(placement, "seen_differently", "The board."))
    one = question(placement, "seen_differently")
    assert edited(signed_in(administrator), one, text="What struck me?") == 302
    one.refresh_from_db()
    assert one.text == "What struck me?"
    assert answer_to(placement, "seen_differently").asked == "What did I see that we do differently?"
    for rest in ("", "?change=1"):
        page = text(get(cast.shadow, page_url(placement) + rest))
        assert "What did I see that we do differently?" in page
        assert "What struck me?" not in page


def test_fields_of_answered_question_are_read_only(
    cast: Cast, placement: Placement, administrator: Person
) -> None:
    sent(placement, cast.shadow, words(placement, "seen_differently", "The board."))
    one = question(placement, "seen_differently")
    edited(signed_in(administrator), one, kind="hours", side="host", key="other")
    one.refresh_from_db()
    assert (one.kind, one.side, one.key) == ("text", "shadow", "seen_differently")


def test_question_without_answers_is_changed_and_deleted(
    cast: Cast, placement: Placement, administrator: Person
) -> None:
    one, client = question(placement, "recommend"), signed_in(administrator)
    assert edited(client, one, kind="text", key="praise") == 302
    assert ReflectionQuestion.objects.get(pk=one.pk).key == "praise"
    assert client.post(page_of(one, "delete"), {"post": "yes"}).status_code == 302
    assert not ReflectionQuestion.objects.filter(pk=one.pk).exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_question_with_answers_is_not_deleted_and_it_says_why(
    cast: Cast, placement: Placement, administrator: Person, method: str
) -> None:
    sent(placement, cast.shadow, words(placement, "seen_differently", CANARY))
    one = question(placement, "seen_differently")
    page = text(
        getattr(signed_in(administrator), method)(page_of(one, "delete"), {"post": "yes"}, follow=True)
    )
    assert "has been answered 1 time, so it cannot be deleted" in page
    assert "Retire it instead" in page
    assert CANARY not in page
    assert Answer.objects.count() == 1


def test_nothing_is_deleted_by_ticking_boxes(placement: Placement, administrator: Person) -> None:
    in_bulk(signed_in(administrator), "delete_selected", question(placement, "recommend"))
    assert ReflectionQuestion.objects.filter(key="recommend").exists()


def test_retired_question_is_asked_of_those_alone_who_answered_it(
    cast: Cast, placement: Placement, administrator: Person
) -> None:
    sent(placement, cast.shadow, words(placement, "seen_differently", "The board."), rating(placement))
    client = signed_in(administrator)
    both = question(placement, "seen_differently"), question(placement, "recommend")
    assert "Retired: 2." in in_bulk(client, "retire", *both)
    page = text(get(cast.shadow, f"{page_url(placement)}?change=1"))
    assert "What did I see that we do differently?" in page
    assert "Would I recommend this visit?" not in page
    assert "Asked again: 1." in in_bulk(client, "ask_again", both[1])
    assert "Would I recommend this visit?" in text(get(cast.shadow, f"{page_url(placement)}?change=1"))


def test_retired_question_is_not_answered_any_more(cast: Cast, placement: Placement) -> None:
    ReflectionQuestion.objects.filter(key="recommend").update(retired_at=timezone.now())
    sent(placement, cast.shadow, words(placement, "recommend"), rating(placement))
    assert Answer.objects.count() == 1


def test_nobody_reads_answers_in_the_administration(
    cast: Cast, placement: Placement, administrator: Person
) -> None:
    sent(placement, cast.shadow, words(placement, "seen_differently", CANARY))
    one, client = question(placement, "seen_differently"), signed_in(administrator)
    for url in (reverse(LIST), page_of(one), page_of(one, "history")):
        assert CANARY not in client.get(url).content.decode()
    assert not {Answer, Reflection, ThankYou} & set(admin.site._registry)


@pytest.mark.parametrize("part", ["shadow", "host", "coordinator", "stranger"])
def test_administration_is_for_administrators(cast: Cast, part: str) -> None:
    assert get(getattr(cast, part), reverse(LIST)).status_code == 302
