"""Before the visit: what the host arranges, the comments of both sides, and what is next for whom."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import HistoryEntry
from accounts.workflow import TransitionError, available_actions, perform
from messaging.models import Message
from shadowing.models import AgendaComment, ChecklistItem, Placement, Visit
from tests.cast import Cast, member
from tests.factories import at, take_on
from tests.shadowing.requesting import act_url, get, page_of, post, signed_in, text

SEES = {"shadow", "manager", "deputy", "host", "coordinator", "dept_coordinator"}
WORDS = "Could we see the night desk as well?"
ARRANGED: dict[str, Any] = {
    "place": "Desk 4",
    "contact": "Hana, 0116 496 0123",
    "agenda": "10:00 tea",
    "bring": "Flat shoes and your staff card",
}


@pytest.fixture
def placement(cast: Cast) -> Placement:
    """An agreed visit in thirty days."""
    placement: Placement = cast.agreed().placement
    return placement


def mails(template: str) -> list[Message]:
    """Return the queued mails of one template."""
    return list(Message.objects.filter(template=template))


# --- what the host arranges -----------------------------------------------------------------------------


def test_host_says_what_to_bring_and_everybody_concerned_reads_it(cast: Cast, placement: Placement) -> None:
    cast.offer.know_before = "The cellar is cold."
    cast.offer.will_not_attend = "Talks about people."
    cast.offer.save()
    assert post(cast.host, f"{placement.get_absolute_url()}edit/", **ARRANGED).status_code == 303
    for who in SEES:
        page = page_of(cast.people()[who], placement)
        for words in (
            *ARRANGED.values(),
            "The cellar is cold.",
            "Not part of the visit",
            "Talks about people.",
        ):
            assert words in page, (who, words)


def test_form_shows_what_is_arranged(cast: Cast, placement: Placement) -> None:
    perform(placement, "rearrange", actor=cast.host, **ARRANGED)
    page = text(get(cast.host, f"{placement.get_absolute_url()}edit/"))
    assert all(words in page for words in ARRANGED.values())


# --- comments -------------------------------------------------------------------------------------------


def test_comment_of_the_shadow_is_read_by_all_and_mailed_to_hosts_once(
    cast: Cast, placement: Placement
) -> None:
    co_host = member(cast.it)
    take_on(cast.offer, co_host)
    assert post(cast.shadow, act_url(placement, "comment"), words=f" {WORDS} ").status_code == 303
    for who in SEES:
        assert WORDS in page_of(cast.people()[who], placement), who
    assert {mail.recipient for mail in mails("comment_written_to_host")} == {cast.host, co_host}
    assert WORDS in mails("comment_written_to_host")[0].text
    assert len(Message.objects.filter(text__contains=WORDS)) == 2


def test_answer_of_host_is_mailed_to_shadow(cast: Cast, placement: Placement) -> None:
    perform(placement, "comment", actor=cast.shadow, words=WORDS)
    before = Message.objects.count()
    perform(placement, "comment", actor=cast.host, words="Yes, from four.")
    assert [mail.recipient for mail in mails("comment_written_to_shadow")] == [cast.shadow]
    assert Message.objects.count() == before + 1
    page = page_of(cast.shadow, placement)
    assert page.index(WORDS) < page.index("Yes, from four.")


def test_two_comments_are_two_mails(cast: Cast, placement: Placement) -> None:
    for words in ("One", "Two"):
        placement = perform(placement, "comment", actor=cast.shadow, words=words)
    assert len(mails("comment_written_to_host")) == 2


@pytest.mark.parametrize("words", ["", "  \n ", "c" * 2001, "a\x00b"])
def test_comment_without_sense_is_refused_and_kept(cast: Cast, placement: Placement, words: str) -> None:
    response = post(cast.shadow, act_url(placement, "comment"), words=words)
    assert response.status_code == 422
    assert not AgendaComment.objects.exists()
    assert words.strip().replace("\x00", "") in text(response).replace("\x00", "")


def test_empty_comment_is_refused_for_every_caller(cast: Cast, placement: Placement) -> None:
    with pytest.raises(TransitionError, match="Write what you would like to say"):
        perform(placement, "comment", actor=cast.shadow, words="  ")


@pytest.mark.parametrize("who", sorted(SEES - {"shadow", "host"}))
def test_only_those_who_take_part_comment(cast: Cast, placement: Placement, who: str) -> None:
    person = cast.people()[who]
    assert "comment" not in available_actions(placement, person)
    assert act_url(placement, "comment") not in page_of(person, placement)
    assert post(person, act_url(placement, "comment"), words=WORDS).status_code == 403


@pytest.mark.parametrize("who", ["stranger", "host_manager"])
def test_others_do_not_find_it(cast: Cast, placement: Placement, who: str) -> None:
    assert post(cast.people()[who], act_url(placement, "comment"), words=WORDS).status_code == 404


def test_cancelled_visit_takes_no_comment(cast: Cast, placement: Placement) -> None:
    perform(placement, "cancel", actor=cast.host, reason="illness")
    assert post(cast.shadow, act_url(placement, "comment"), words=WORDS).status_code == 409
    assert not AgendaComment.objects.exists()


def test_history_knows_of_a_comment_but_not_its_words(cast: Cast, placement: Placement) -> None:
    perform(placement, "comment", actor=cast.shadow, words=WORDS)
    assert HistoryEntry.objects.get(action="comment").reason == ""
    happened = page_of(cast.shadow, placement).split("What happened")[1]
    assert "changed something" not in happened


def test_words_of_a_comment_are_never_markup(cast: Cast, placement: Placement) -> None:
    perform(placement, "comment", actor=cast.shadow, words="<script>alert(1)</script>")
    assert "<script>alert(1)" not in page_of(cast.host, placement)
    assert "<script>alert(1)" not in mails("comment_written_to_host")[0].html


# --- what is next ---------------------------------------------------------------------------------------


def next_for(person: Any, placement: Placement) -> str:
    """The box that says what is next, up to the dates."""
    page = page_of(person, placement)
    return page[: page.index("Where to come")]


def test_page_shows_each_person_their_next_step(cast: Cast, placement: Placement) -> None:
    perform(placement, "rearrange", actor=cast.host, place="", contact="", agenda="")
    host, shadow = next_for(cast.host, placement), next_for(cast.shadow, placement)
    assert "Tell Sam where to come and what is planned." in host
    assert "Read the agreement and accept it." in host
    assert "See to 3 things on your list." in host
    assert "Tell Sam" not in shadow
    assert "See to 3 things on your list." in shadow
    assert "See to 2 things on your list." in next_for(cast.manager, placement)
    for other in (cast.coordinator, cast.dept_coordinator):
        assert "Next for you" not in next_for(other, placement)


def test_finished_checklist_shows_everything_is_done(cast: Cast, placement: Placement) -> None:
    for item in cast.scheme.checklist_items.filter(side="shadow"):
        placement = perform(placement, "tick", actor=cast.shadow, item=item)
    shown = next_for(cast.shadow, placement)
    assert "Next for you" not in shown
    assert "Everything is seen to." in shown


@pytest.mark.parametrize("who", sorted(SEES))
def test_page_costs_the_same_with_many_comments_ticks_and_visits(
    cast: Cast, placement: Placement, who: str
) -> None:
    def queries() -> int:
        client = signed_in(cast.people()[who])
        client.get("/accessibility/")
        with CaptureQueriesContext(connection) as counted:
            assert client.get(placement.get_absolute_url()).status_code == 200
        return len(counted)

    def tick(item: ChecklistItem) -> None:
        actor = {"shadow": cast.shadow, "host": cast.host, "manager": cast.manager}[item.side]
        perform(placement, "tick", actor=actor, item=item)

    first, *others = cast.scheme.checklist_items.all()
    tick(first)
    few = queries()
    for number in range(6):
        AgendaComment.objects.create(placement=placement, author=cast.shadow, words=f"Word {number}")
        Visit.objects.create(
            placement=placement, shadow=cast.shadow, starts_at=at(60, 9 + number), ends_at=at(60, 10 + number)
        )
    for item in others:
        tick(item)
    assert queries() == few <= 20


def test_nobody_acts_for_a_side_they_are_not_on(cast: Cast, placement: Placement) -> None:
    for action in ("comment", "accept_agreement", "tick", "untick"):
        with pytest.raises(PermissionDenied):
            perform(placement, action, actor=cast.coordinator, words="x")
