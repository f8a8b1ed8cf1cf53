"""Asking for a place: what the form asks, what it makes of the answers, and that nothing typed is lost."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import WaitingItem
from accounts.workflow import perform
from appraisals.models import Appraisal, Objective
from messaging.models import Message
from shadowing.enums import RequestStatus
from shadowing.models import Request
from tests.cast import Cast
from tests.factories import AppraisalFactory, ObjectiveFactory, SessionFactory, at
from tests.shadowing.requesting import OBJECTIVE, ask_url, edit_url, filled, get, post, text

S = RequestStatus
TYPED = {
    "objective_1": "To see how calls are sorted.",
    "objective_2": "To learn what a good ticket is.",
    "objective_3": "To hear how a shift is handed over.",
    "want_to_see": "The first hour.\nThe change board.",
    "dates_note": "Never on Wednesdays.",
}


def test_form_asks_one_question_per_group_with_a_token_against_sending_twice(cast: Cast) -> None:
    page = text(get(cast.shadow, ask_url(cast.offer)))
    for question in ("What would you like to learn?", "When would you like to come?", "What you agree to"):
        assert page.count(f">{question}</legend>") == 1
    assert 'name="form_id"' in page
    assert cast.scheme.agreement[:40] in page
    assert "maxlength" not in page  # it would cut what is pasted


def test_sent_form_makes_a_request_that_is_with_the_manager(cast: Cast) -> None:
    response = post(cast.shadow, ask_url(cast.offer), **filled(cast.session, **TYPED))
    request = Request.objects.get()
    assert (response.status_code, response["Location"]) == (303, request.get_absolute_url())
    assert request.status == S.WITH_MANAGER
    assert request.objectives == [TYPED[f"objective_{n}"] for n in (1, 2, 3)]
    assert (request.want_to_see.splitlines(), request.dates_note) == (
        TYPED["want_to_see"].splitlines(),
        TYPED["dates_note"],
    )
    assert (request.shadow, request.origin, request.half_days) == (cast.shadow, cast.library, 1)
    assert request.window_starts == request.window_ends == timezone.localdate(cast.session.starts_at)
    assert WaitingItem.objects.open().get().owner == cast.manager


def test_length_comes_from_the_offer_whatever_is_sent(cast: Cast) -> None:
    cast.offer.half_days = 3
    cast.offer.save()
    post(cast.shadow, ask_url(cast.offer), **filled(cast.session, half_days="1", status="agreed"))
    request = Request.objects.get()
    assert (request.half_days, request.status) == (3, S.WITH_MANAGER)


def test_empty_objectives_leave_no_gaps(cast: Cast) -> None:
    post(cast.shadow, ask_url(cast.offer), **filled(cast.session, objective_2="  ", objective_3="Third"))
    assert Request.objects.get().objectives == [OBJECTIVE, "Third"]


def test_draft_needs_neither_agreement_nor_tick_and_asks_nobody(cast: Cast) -> None:
    given = {**filled(cast.session, **TYPED), "draft": "1"}
    del given["agreement"]
    response = post(cast.shadow, ask_url(cast.offer), **given)
    request = Request.objects.get()
    assert (response.status_code, request.status) == (303, S.DRAFT)
    assert request.agreement_accepted_at is None
    assert not Message.objects.exists()
    assert not WaitingItem.objects.exists()


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("objective_1", "Write one sentence"),
        ("session", "Choose a session."),
        ("agreement", "Please accept the agreement"),
    ],
)
def test_missing_field_shows_linked_error_and_keeps_input(cast: Cast, missing: str, sentence: str) -> None:
    SessionFactory.create(offer=cast.offer, starts_at=at(40))
    given = filled(cast.session, **TYPED)
    del given[missing]
    response = post(cast.shadow, ask_url(cast.offer), **given)
    page = text(response)
    assert response.status_code == 422
    assert sentence in page
    target = "div_id_session" if missing == "session" else f"id_{missing}"
    assert f'href="#{target}"' in page
    assert f'id="{target}"' in page
    for name, words in TYPED.items():
        assert name == missing or words.splitlines()[-1] in page
    assert not Request.objects.exists()


def test_form_id_survives_an_error(cast: Cast) -> None:
    given = filled(cast.session, objective_1="")
    assert given["form_id"] in text(post(cast.shadow, ask_url(cast.offer), **given))


def test_unreadable_form_id_is_replaced(cast: Cast) -> None:
    response = post(cast.shadow, ask_url(cast.offer), **filled(cast.session, form_id="\x00nonsense"))
    assert response.status_code == 303


# --- the appraisal ------------------------------------------------------------------------------------------


def test_only_own_open_objectives_are_offered(cast: Cast) -> None:
    own = ObjectiveFactory.create(appraisal=AppraisalFactory.create(person=cast.shadow), text="Mine")
    other = ObjectiveFactory.create(appraisal=AppraisalFactory.create(person=cast.stranger), text="Theirs")
    page = text(get(cast.shadow, ask_url(cast.offer)))
    assert "Mine" in page
    assert "Theirs" not in page
    response = post(cast.shadow, ask_url(cast.offer), **filled(cast.session, serves=str(other.pk)))
    assert response.status_code == 422
    assert "one of your own objectives" in text(response)
    post(cast.shadow, ask_url(cast.offer), **filled(cast.session, serves=str(own.pk)))
    assert Request.objects.get().serves == own


def test_signed_off_appraisal_offers_nothing(cast: Cast) -> None:
    objective: Objective = ObjectiveFactory.create(appraisal=AppraisalFactory.create(person=cast.shadow))
    signed = {"person_signed_at": timezone.now(), "appraiser_signed_at": timezone.now()}
    Appraisal.objects.filter(pk=objective.appraisal_id).update(status="signed_off", **signed)
    assert 'name="serves"' not in text(get(cast.shadow, ask_url(cast.offer)))


# --- carrying on with what was kept -------------------------------------------------------------------------


def test_draft_is_carried_on_where_it_was_left(cast: Cast) -> None:
    draft = cast.draft(objectives=["Kept words"], want_to_see="The board")
    response = get(cast.shadow, ask_url(cast.offer))
    assert (response.status_code, response["Location"]) == (302, edit_url(draft))
    page = text(get(cast.shadow, edit_url(draft)))
    assert "Kept words" in page
    assert "The board" in page
    response = post(cast.shadow, edit_url(draft), **filled(cast.session, objective_1="Better words"))
    draft.refresh_from_db()
    assert (draft.status, draft.objectives) == (S.WITH_MANAGER, ["Better words"])


def test_sent_back_request_shows_the_question_and_is_sent_again(cast: Cast) -> None:
    request = perform(cast.submitted(), "send_back", actor=cast.manager, words="What for?")
    assert "What for?" in text(get(cast.shadow, edit_url(request)))
    post(cast.shadow, edit_url(request), **filled(cast.session, objective_1="For the desk"))
    request.refresh_from_db()
    assert (request.status, request.objectives) == (S.WITH_MANAGER, ["For the desk"])


def test_sent_back_request_can_be_kept_for_later(cast: Cast) -> None:
    request = perform(cast.submitted(), "send_back", actor=cast.manager, words="What for?")
    given = {**filled(cast.session, objective_1="Half a thought"), "draft": "1"}
    del given["agreement"]
    assert post(cast.shadow, edit_url(request), **given).status_code == 303
    request.refresh_from_db()
    assert (request.status, request.objectives) == (S.SENT_BACK, ["Half a thought"])
    assert request.agreement_accepted_at is not None


def test_request_under_way_is_not_changed_and_typed_words_stay(cast: Cast) -> None:
    request = cast.submitted()
    assert get(cast.shadow, edit_url(request)).status_code == 409
    response = post(cast.shadow, edit_url(request), **filled(cast.session, objective_1="Late thought"))
    assert response.status_code == 409
    assert "This request is with the line manager now." in text(response)
    assert "Late thought" in text(response)
    request.refresh_from_db()
    assert request.objectives == [OBJECTIVE]


def test_only_the_shadow_changes_a_request(cast: Cast) -> None:
    request = perform(cast.submitted(), "send_back", actor=cast.manager, words="What for?")
    assert get(cast.manager, edit_url(request)).status_code == 403
    assert post(cast.manager, edit_url(request), **filled(cast.session)).status_code == 403
    assert get(cast.stranger, edit_url(request)).status_code == 404
