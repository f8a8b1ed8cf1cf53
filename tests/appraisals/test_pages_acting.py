"""The forms of the appraisal page: errors keep what was typed, and sending twice counts once."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import HistoryEntry
from accounts.workflow import perform
from appraisals.enums import AppraisalStatus, TalkOutcome
from appraisals.forms.registry import FORMS
from appraisals.models import Addition, Appraisal, Objective
from appraisals.pages.action_panels import LABELS
from appraisals.pages.confirmations import CONFIRMATIONS, FRAGMENTS
from appraisals.workflow.appraisals import APPRAISALS
from tests.appraisals.years import act, open_appraisal, page_of, released, signed_in, signed_off, talked
from tests.cast import Cast
from tests.factories import ObjectiveFactory


def today() -> str:
    """Today as a form sends it."""
    return timezone.localdate().isoformat()


def conversation(**given: Any) -> dict[str, Any]:
    """The conversation's form, filled in."""
    return {"outcome": TalkOutcome.WILL_HOST, "held_on": today(), "words": "A morning in May.", **given}


@pytest.fixture
def appraisal(cast: Cast) -> Appraisal:
    """This year's, just opened."""
    return open_appraisal(cast)


def fresh(appraisal: Appraisal) -> Appraisal:
    """As the database has it."""
    return Appraisal.objects.get(pk=appraisal.pk)


def test_every_form_belongs_to_an_action_and_says_what_follows() -> None:
    assert set(FORMS) <= set(APPRAISALS.transitions)
    assert set(FORMS) == set(LABELS) == set(FRAGMENTS)
    assert set(FORMS) - set(CONFIRMATIONS) == {"sign_as_person", "sign_as_appraiser"}


def test_objective_is_added_changed_and_dropped_by_the_person(cast: Cast, appraisal: Appraisal) -> None:
    answer = act(cast.shadow, appraisal, "add_objective", text="Sort calls faster.")
    assert (answer.status_code, answer.url) == (303, f"{appraisal.get_absolute_url()}#objectives")
    objective = appraisal.objectives.get()
    act(cast.manager, appraisal, "agree_objectives")
    assert (
        act(cast.shadow, appraisal, "change_objective", objective=objective.pk, text="Sort mail.").status_code
        == 303
    )
    objective.refresh_from_db()
    assert (objective.text, objective.agreed_at) == ("Sort mail.", None)
    assert act(cast.shadow, appraisal, "drop_objective", objective=objective.pk).status_code == 303
    assert not appraisal.objectives.not_dropped().exists()


def test_manager_agrees_objectives_and_reads_that_it_is_done(cast: Cast, appraisal: Appraisal) -> None:
    ObjectiveFactory.create(appraisal=appraisal)
    client = signed_in(cast.manager)
    answer = client.post(reverse("appraisals:act", args=[appraisal.pk, "agree_objectives"]), follow=True)
    assert "You agreed the objectives." in answer.content.decode()
    assert appraisal.objectives.get().agreed_by == cast.manager


@pytest.mark.parametrize("who", ["shadow", "manager", "deputy"])
def test_either_side_records_the_conversation(cast: Cast, appraisal: Appraisal, who: str) -> None:
    answer = act(cast.people()[who], appraisal, "record_talk", **conversation())
    assert (answer.status_code, answer.url) == (303, f"{appraisal.get_absolute_url()}#talk")
    held = fresh(appraisal)
    assert (held.talk_outcome, held.talk_words, held.talk_by) == (
        TalkOutcome.WILL_HOST,
        "A morning in May.",
        cast.people()[who],
    )


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"outcome": ""}, "Choose what you agreed."),
        ({"held_on": ""}, "Give the day on which you talked."),
        ({"held_on": "yesterday"}, "This is not a day of the calendar."),
        ({"held_on": "2199-01-01"}, "This day is years away."),
        ({"held_on": "1999-01-01"}, "This day lies before This year"),
        ({"outcome": TalkOutcome.NOT_THIS_YEAR, "words": "  "}, "please say why in a few words."),
        ({"words": "x" * 2001}, "Please shorten this to 2000 characters"),
    ],
)
def test_wrong_conversation_is_shown_again_with_what_was_typed(
    cast: Cast, appraisal: Appraisal, given: dict[str, str], sentence: str
) -> None:
    answer = act(cast.manager, appraisal, "record_talk", **{**conversation(words="Kept words."), **given})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert given.get("words", "Kept words.").strip() in page
    assert page.count('class="error-summary"') == 1
    assert fresh(appraisal).talk_on is None


def test_conversation_still_to_come_is_not_recorded(cast: Cast, appraisal: Appraisal) -> None:
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    answer = act(cast.manager, appraisal, "record_talk", **conversation(held_on=tomorrow.isoformat()))
    assert answer.status_code == 422
    assert "This day is still to come." in answer.content.decode()
    assert fresh(appraisal).talk_on is None


def test_conversation_long_after_the_year_belongs_into_it(cast: Cast, appraisal: Appraisal) -> None:
    cycle = appraisal.cycle
    cycle.ends_on = timezone.localdate() - dt.timedelta(days=61)
    cycle.save()
    assert (
        "This day lies too long after This year"
        in act(cast.manager, appraisal, "record_talk", **conversation()).content.decode()
    )
    within = conversation(held_on=cycle.ends_on.isoformat())
    assert act(cast.manager, appraisal, "record_talk", **within).status_code == 303


def test_form_is_filled_with_recorded_conversation(cast: Cast, appraisal: Appraisal) -> None:
    talked(appraisal, cast.manager)
    page = page_of(cast.shadow, appraisal.get_absolute_url())
    assert 'value="will_shadow"' in page
    assert "checked" in page
    assert "To IT, in spring.</textarea>" in page.replace("\n", "")


def test_evidence_is_acknowledged_with_a_word(cast: Cast, appraisal: Appraisal) -> None:
    note = released(cast, appraisal)
    answer = act(cast.manager, appraisal, "acknowledge", note=note.pk, comment="Let us try it.")
    assert (answer.status_code, answer.url) == (303, f"{appraisal.get_absolute_url()}#evidence")
    note.refresh_from_db()
    assert (note.comment, note.acknowledged_by) == ("Let us try it.", cast.manager)


def test_evidence_withdrawn_meanwhile_is_reported_and_comment_kept(cast: Cast, appraisal: Appraisal) -> None:
    note, other = released(cast, appraisal), released(cast, appraisal)
    perform(appraisal, "withdraw_evidence", actor=cast.shadow, activity=note.activity)
    for key in (note.pk, "nonsense", ""):
        answer = act(cast.manager, appraisal, "acknowledge", note=key, comment="Let us try it.")
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "What was released here has been taken back meanwhile." in page
        assert "Let us try it." in page
    other.refresh_from_db()
    assert other.acknowledged_at is None


def test_record_of_another_appraisal_cannot_be_named(cast: Cast, appraisal: Appraisal) -> None:
    theirs = ObjectiveFactory.create()
    answer = act(cast.shadow, appraisal, "drop_objective", objective=theirs.pk)
    assert answer.status_code == 422
    assert Objective.objects.not_dropped().filter(pk=theirs.pk).exists()


def test_both_sign_and_the_last_one_reads_that_it_is_signed_off(cast: Cast, appraisal: Appraisal) -> None:
    talked(appraisal, cast.manager)
    first = signed_in(cast.shadow).post(
        reverse("appraisals:act", args=[appraisal.pk, "sign_as_person"]), follow=True
    )
    assert "You signed. Mary Manager is asked to sign next." in first.content.decode()
    last = signed_in(cast.deputy).post(
        reverse("appraisals:act", args=[appraisal.pk, "sign_as_appraiser"]), follow=True
    )
    assert "and so the appraisal is signed off" in last.content.decode()
    assert fresh(appraisal).status == AppraisalStatus.SIGNED_OFF


def test_signing_before_the_conversation_is_refused_with_a_sentence(cast: Cast, appraisal: Appraisal) -> None:
    answer = act(cast.shadow, appraisal, "sign_as_person")
    assert answer.status_code == 409
    assert "has not been recorded yet" in answer.content.decode()


def test_signing_twice_is_answered_with_a_sentence(cast: Cast, appraisal: Appraisal) -> None:
    talked(appraisal, cast.manager)
    assert act(cast.shadow, appraisal, "sign_as_person").status_code == 303
    again = act(cast.shadow, appraisal, "sign_as_person")
    assert again.status_code == 409
    assert "You signed this appraisal on" in again.content.decode()


@pytest.mark.parametrize(
    ("who", "action"),
    [
        ("shadow", "sign_as_appraiser"),
        ("manager", "sign_as_person"),
        ("manager", "add_objective"),
        ("shadow", "agree_objectives"),
        ("shadow", "acknowledge"),
    ],
)
def test_wrong_side_is_refused(cast: Cast, appraisal: Appraisal, who: str, action: str) -> None:
    assert act(cast.people()[who], appraisal, action).status_code == 403


@pytest.mark.parametrize("who", ["host", "host_manager", "coordinator", "dept_coordinator", "stranger"])
def test_other_people_get_404(cast: Cast, appraisal: Appraisal, who: str) -> None:
    assert act(cast.people()[who], appraisal, "record_talk", **conversation()).status_code == 404


@pytest.mark.parametrize(
    "action", ["hand_over", "exempt", "include", "prompt", "release_evidence", "nonsense"]
)
def test_action_without_a_form_has_no_url(cast: Cast, appraisal: Appraisal, action: str) -> None:
    assert act(cast.manager, appraisal, action).status_code == 404


def test_opening_the_address_changes_nothing(cast: Cast, appraisal: Appraisal) -> None:
    talked(appraisal, cast.manager)
    answer = signed_in(cast.shadow).get(reverse("appraisals:act", args=[appraisal.pk, "sign_as_person"]))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert fresh(appraisal).person_signed_at is None


def test_words_sent_too_late_are_given_back(cast: Cast, appraisal: Appraisal) -> None:
    signed_off(cast, appraisal)
    answer = act(cast.manager, appraisal, "record_talk", **conversation(words="Nobody\nloses this."))
    assert answer.status_code == 409
    assert "was signed off on" in answer.content.decode()
    assert "Nobody\nloses this." in answer.content.decode()
    assert fresh(appraisal).talk_words == "To IT, in spring."


def test_note_is_added_after_the_sign_off_once(cast: Cast, appraisal: Appraisal) -> None:
    assert act(cast.shadow, appraisal, "add_note", words="Too early.").status_code == 409
    signed_off(cast, appraisal)
    for _ in range(2):
        assert act(cast.shadow, appraisal, "add_note", words="It was Tuesday.").status_code == 303
    assert act(cast.manager, appraisal, "add_note", words="It was Tuesday.").status_code == 303
    assert act(cast.manager, appraisal, "add_note", words=" ").status_code == 422
    assert Addition.objects.count() == 2


@pytest.mark.parametrize(
    ("action", "given"),
    [("add_objective", {"text": "Sort calls faster."}), ("record_talk", conversation())],
)
def test_form_sent_twice_is_stored_once(
    cast: Cast, appraisal: Appraisal, action: str, given: dict[str, Any]
) -> None:
    for _ in range(2):
        assert act(cast.shadow, appraisal, action, **given).status_code == 303
    assert HistoryEntry.objects.about(appraisal).filter(action=action).count() == 1


def test_same_acknowledgement_twice_is_once_and_another_is_refused(cast: Cast, appraisal: Appraisal) -> None:
    note = released(cast, appraisal)
    for _ in range(2):
        assert act(cast.manager, appraisal, "acknowledge", note=note.pk, comment="Good.").status_code == 303
    again = act(cast.deputy, appraisal, "acknowledge", note=note.pk, comment="Other words.")
    assert again.status_code == 409
    assert "Other words." in again.content.decode()
    note.refresh_from_db()
    assert note.comment == "Good."


def test_unchanged_objective_stays_agreed(cast: Cast, appraisal: Appraisal) -> None:
    objective = ObjectiveFactory.create(appraisal=appraisal)
    perform(appraisal, "agree_objectives", actor=cast.manager)
    act(cast.shadow, appraisal, "change_objective", objective=objective.pk, text=objective.text)
    objective.refresh_from_db()
    assert objective.agreed_by == cast.manager


@pytest.mark.django_db(transaction=True)
def test_form_sent_twice_concurrently_is_stored_once(cast: Cast, appraisal: Appraisal) -> None:
    begin = threading.Barrier(4)
    answers: list[int] = []

    def send() -> None:
        client = signed_in(cast.shadow)
        begin.wait(timeout=30)
        url = reverse("appraisals:act", args=[appraisal.pk, "add_objective"])
        answers.append(client.post(url, {"text": "Sort calls faster."}).status_code)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert answers == [303] * 4
    assert appraisal.objectives.count() == 1
