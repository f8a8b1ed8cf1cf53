"""The appraisal page: who may see it, what it says in each state, and what it offers to whom."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.days import day
from accounts.enums import How
from accounts.workflow import perform
from appraisals.enums import ActivityPart, ActivityState, ExemptReason
from appraisals.models import Appraisal, Objective
from tests.appraisals.years import (
    LEARNED,
    open_appraisal,
    page_of,
    released,
    signed_in,
    signed_off,
    talked,
    visited,
)
from tests.cast import Cast
from tests.factories import ObjectiveFactory

LIST = "/appraisals/"


@pytest.fixture
def appraisal(cast: Cast) -> Appraisal:
    """This year's, just opened."""
    return open_appraisal(cast)


def offered(page: str) -> set[str]:
    """The actions the page has a form for."""
    return set(re.findall(r"/act/(\w+)/", page))


def test_page_is_there_for_both_sides_only(cast: Cast, appraisal: Appraisal) -> None:
    url = appraisal.get_absolute_url()
    seen = {name for name, who in cast.people().items() if signed_in(who).get(url).status_code == 200}
    assert seen == {"shadow", "manager", "deputy"}
    assert Client().get(url).status_code == 302


def test_page_follows_a_new_manager_at_once(cast: Cast, appraisal: Appraisal) -> None:
    cast.shadow.line_manager = cast.stranger
    cast.shadow.save()
    assert signed_in(cast.manager).get(appraisal.get_absolute_url()).status_code == 404
    assert "Sam Shadow" in page_of(cast.stranger, appraisal.get_absolute_url())


def test_new_appraisal_says_what_comes_first(cast: Cast, appraisal: Appraisal) -> None:
    page = page_of(cast.shadow, appraisal.get_absolute_url())
    assert "With Mary Manager" in page
    assert "What do you want to be able to do" in page
    assert "Record the conversation" in page
    assert "Before anybody signs, the conversation about shadowing is recorded above." in page
    assert offered(page) == {"add_objective", "record_talk"}


def test_manager_is_offered_the_conversation_and_no_objectives(cast: Cast, appraisal: Appraisal) -> None:
    ObjectiveFactory.create(appraisal=appraisal, text="Sort calls faster.")
    page = page_of(cast.manager, appraisal.get_absolute_url())
    assert "Sort calls faster." in page
    assert "Not agreed yet" in page
    assert offered(page) == {"record_talk", "agree_objectives"}


def test_deputy_reads_for_whom_they_act(cast: Cast, appraisal: Appraisal) -> None:
    page = page_of(cast.deputy, appraisal.get_absolute_url())
    assert "You act for Mary Manager here, as the deputy." in page
    assert "You act for" not in page_of(cast.manager, appraisal.get_absolute_url())


def test_viewers_tasks_are_on_top_with_links(cast: Cast, appraisal: Appraisal) -> None:
    perform(appraisal, "add_objective", actor=cast.shadow, text="Sort calls faster.")
    perform(appraisal, "prompt", actor=None, how=How.SYSTEM)
    manager = page_of(cast.manager, appraisal.get_absolute_url())
    assert 'href="#objectives">Agree the objectives of Sam Shadow' in manager
    assert 'href="#talk">Talk about shadowing with Sam Shadow, and record it here' in manager
    assert "You are asked to agree the objectives" in manager
    shadow = page_of(cast.shadow, appraisal.get_absolute_url())
    assert 'href="#talk">Talk about shadowing with Mary Manager' in shadow
    assert 'href="#objectives">Agree' not in shadow
    assert "Mary Manager is asked to agree the objectives" in shadow


def test_page_has_one_primary_button(cast: Cast, appraisal: Appraisal) -> None:
    perform(appraisal, "add_objective", actor=cast.shadow, text="Sort calls faster.")
    released(cast, appraisal)
    for person in (cast.shadow, cast.manager):
        page = page_of(person, appraisal.get_absolute_url())
        assert len(re.findall(r'<button type="submit" class="btn btn-primary"', page)) == 1


def test_conversation_is_shown_with_its_words_and_can_be_put_right(cast: Cast, appraisal: Appraisal) -> None:
    talked(appraisal, cast.manager)
    page = page_of(cast.shadow, appraisal.get_absolute_url())
    for words in (
        "Will visit another department",
        "To IT, in spring.",
        "Mary Manager",
        day(timezone.localdate()),
    ):
        assert words in page
    assert "Put it right, or record another conversation" in page


def test_visits_show_icon_and_words_by_outcome(cast: Cast, appraisal: Appraisal) -> None:
    serves = ObjectiveFactory.create(appraisal=appraisal, text="Sort calls faster.")
    visited(
        cast,
        appraisal,
        objective=serves,
        outcome="Adopted: we work that way now",
        outcome_on=dt.date(2026, 5, 1),
    )
    visited(cast, appraisal, state=ActivityState.AGREED, title="To come")
    visited(cast, appraisal, state=ActivityState.CALLED_OFF, title="Called off", part=ActivityPart.HOSTED)
    page = page_of(cast.manager, appraisal.get_absolute_url())
    assert "From Library Services to IT Services, agreed" in page
    assert "From Library Services to IT Services, ended" in page
    assert "Sam Shadow visited Hana Host" in page
    assert "Sam Shadow will visit Hana Host" in page
    assert "Sam Shadow would have hosted Hana Host" in page
    assert "Adopted: we work that way now" in page
    assert "You visited Hana Host" in page_of(cast.shadow, appraisal.get_absolute_url())


def test_visit_is_a_link_only_where_the_viewer_may_see_it(cast: Cast, appraisal: Appraisal) -> None:
    placement = cast.agreed().placement
    link = f'<a href="{placement.get_absolute_url()}">'
    assert link in page_of(cast.shadow, appraisal.get_absolute_url())
    assert link in page_of(cast.manager, appraisal.get_absolute_url())
    cast.shadow.line_manager = None
    cast.shadow.save()
    appraisal.appraiser = cast.stranger  # was never asked about this visit
    appraisal.save()
    page = page_of(cast.stranger, appraisal.get_absolute_url())
    assert cast.offer.title in page
    assert link not in page


def test_evidence_is_read_by_both_and_acknowledged_by_the_manager(cast: Cast, appraisal: Appraisal) -> None:
    note = released(cast, appraisal)
    manager = page_of(cast.manager, appraisal.get_absolute_url())
    assert LEARNED[0][1] in manager
    assert "acknowledge" in offered(manager)
    assert "Before you sign, read what was learned" not in manager  # the conversation comes before it
    shadow = page_of(cast.shadow, appraisal.get_absolute_url())
    assert LEARNED[0][1] in shadow
    assert "acknowledge" not in offered(shadow)
    perform(appraisal, "acknowledge", actor=cast.deputy, note=note, comment="Do it here too.")
    page = page_of(cast.shadow, appraisal.get_absolute_url())
    assert "Dev Deputy read it on" in page
    assert "Do it here too." in page
    assert "Dev Deputy acknowledged what was learned on behalf of Mary Manager." in page


def test_withdrawn_evidence_is_gone_from_the_page(cast: Cast, appraisal: Appraisal) -> None:
    note = released(cast, appraisal)
    perform(appraisal, "withdraw_evidence", actor=cast.shadow, activity=note.activity)
    for person in (cast.shadow, cast.manager):
        page = page_of(person, appraisal.get_absolute_url())
        assert LEARNED[0][0] not in page
        assert "Released on" not in page
        assert "acknowledge" not in offered(page)


def test_manager_reads_before_signing(cast: Cast, appraisal: Appraisal) -> None:
    released(cast, talked(appraisal, cast.manager))
    manager = page_of(cast.manager, appraisal.get_absolute_url())
    assert "Before you sign, read what was learned" in manager
    assert "sign_as_appraiser" not in offered(manager)
    assert "sign_as_person" in offered(page_of(cast.shadow, appraisal.get_absolute_url()))


def test_signature_of_one_side_is_shown_and_can_be_taken_back_by_that_side(
    cast: Cast, appraisal: Appraisal
) -> None:
    perform(talked(appraisal, cast.manager), "sign_as_person", actor=cast.shadow)
    shadow = page_of(cast.shadow, appraisal.get_absolute_url())
    assert "take_back_signature" in offered(shadow)
    assert "sign_as_person" not in offered(shadow)
    manager = page_of(cast.manager, appraisal.get_absolute_url())
    assert f"Sam Shadow signed on {day(timezone.now())}. You are asked to sign" in manager
    assert "take_back_signature" not in offered(manager)
    assert "sign_as_appraiser" in offered(manager)


def test_signed_off_is_read_only_with_room_for_a_note(cast: Cast, appraisal: Appraisal) -> None:
    signed_off(cast, appraisal)
    perform(appraisal, "add_note", actor=cast.manager, words="It was Tuesday.")
    for person in (cast.shadow, cast.manager, cast.deputy):
        page = page_of(person, appraisal.get_absolute_url())
        assert offered(page) == {"add_note"}
        assert f"Signed off by both on {day(timezone.now())}." in page
        assert "It was Tuesday." in page


def test_signature_names_signer_after_change_of_appraiser(cast: Cast, appraisal: Appraisal) -> None:
    perform(talked(appraisal, cast.manager), "sign_as_appraiser", actor=cast.deputy)
    page = page_of(cast.shadow, appraisal.get_absolute_url())
    assert "<strong>Dev Deputy</strong>, as line manager," in page
    perform(appraisal, "sign_as_person", actor=cast.shadow)
    cast.shadow.line_manager = cast.stranger
    cast.shadow.save()
    page = page_of(cast.stranger, appraisal.get_absolute_url())
    assert "<strong>Dev Deputy</strong>, as line manager," in page
    assert "<strong>Stan Stranger</strong>" not in page


def test_who_has_no_manager_reads_what_is_missing(cast: Cast) -> None:
    page = page_of(
        cast.stranger, open_appraisal(cast, person=cast.stranger, appraiser=None).get_absolute_url()
    )
    assert "Nobody is named as your line manager at the moment, so nobody can sign with you." in page
    named = open_appraisal(cast, person=cast.coordinator, appraiser=cast.host_manager)
    assert "<strong>Helga Hostmanager</strong>, who appraises," in page_of(
        cast.coordinator, named.get_absolute_url()
    )


def test_exempt_says_why_and_asks_nothing(cast: Cast, appraisal: Appraisal) -> None:
    perform(appraisal, "exempt", actor=None, how=How.SYSTEM, reason=ExemptReason.LONG_ABSENCE)
    page = page_of(cast.shadow, appraisal.get_absolute_url())
    assert "You have no appraisal in this cycle: on long absence." in page
    assert offered(page) == set()


def test_history_says_who_did_what_and_no_typed_word(cast: Cast, appraisal: Appraisal) -> None:
    talked(appraisal, cast.deputy, words="Between us.")
    talked(appraisal, cast.manager, outcome="will_host", words="")
    perform(appraisal, "sign_as_person", actor=cast.shadow)
    perform(appraisal, "add_objective", actor=cast.shadow, text="Sort calls faster.")
    page = page_of(cast.shadow, appraisal.get_absolute_url())
    assert "Dev Deputy recorded the conversation about shadowing on behalf of Mary Manager." in page
    assert "Mary Manager recorded the conversation about shadowing." in page
    assert "This took back the signature of Sam Shadow." in page
    assert "Between us." not in page


def test_history_says_from_whom_to_whom_it_was_handed_over(cast: Cast, appraisal: Appraisal) -> None:
    cast.shadow.line_manager = cast.stranger
    cast.shadow.save()
    perform(appraisal, "hand_over", actor=None, how=How.SYSTEM)
    page = page_of(cast.stranger, appraisal.get_absolute_url())
    assert "From Mary Manager to Stan Stranger." in page


def test_typed_words_are_shown_as_text(cast: Cast, appraisal: Appraisal) -> None:
    ObjectiveFactory.create(appraisal=appraisal, text="<script>alert(1)</script>")
    assert "<script>alert" not in page_of(cast.manager, appraisal.get_absolute_url())


@pytest.mark.parametrize("who", ["shadow", "manager", "deputy"])
def test_page_costs_the_same_for_a_little_and_for_a_lot(cast: Cast, appraisal: Appraisal, who: str) -> None:
    client, counts = signed_in(cast.people()[who]), []
    for number in (1, 9):
        for _ in range(number):
            position = Objective.objects.count() + 1
            objective = ObjectiveFactory.create(appraisal=appraisal, position=position)
            released(cast, appraisal, objective=objective)
        client.get(appraisal.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            assert client.get(appraisal.get_absolute_url()).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20


def test_pages_only_open(cast: Cast, appraisal: Appraisal) -> None:
    for url in (LIST, appraisal.get_absolute_url()):
        assert signed_in(cast.shadow).post(url).status_code == 405
