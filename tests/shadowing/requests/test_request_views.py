"""The page of a request: who sees it, what it says to whom, what can be done there, and what it costs."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import How
from accounts.models import HistoryEntry, Person
from accounts.workflow import perform
from shadowing.enums import DecisionRole, HostManagerPart, Outcome, RequestStatus
from shadowing.models import Decision, Request
from tests.cast import Cast
from tests.factories import AppraisalFactory, ObjectiveFactory, at
from tests.shadowing.requesting import OBJECTIVE, act_url, ask_url, edit_url, filled, get, page_of, signed_in

S = RequestStatus
SEES_ALL = {"shadow", "manager", "deputy", "coordinator", "dept_coordinator"}
SEES = {
    "draft": {"shadow"},
    "submitted": SEES_ALL,
    "approved": SEES_ALL | {"host"},
    "agreed": SEES_ALL | {"host"},
    "with_host_manager": SEES_ALL | {"host", "host_manager"},
}


def in_state(cast: Cast, state: str) -> Request:
    """A request as far as ``state``."""
    if state == "with_host_manager":
        cast.scheme.host_manager_part = HostManagerPart.MUST_AGREE
        cast.scheme.save()
        return cast.agreed()
    request: Request = getattr(cast, state)()
    return request


@pytest.mark.parametrize("state", SEES)
def test_page_is_there_for_those_concerned_and_for_nobody_else(cast: Cast, state: str) -> None:
    request = in_state(cast, state)
    seen = {
        name
        for name, person in cast.people().items()
        if get(person, request.get_absolute_url()).status_code == 200
    }
    assert seen == SEES[state]


def test_page_sends_strangers_to_sign_in(cast: Cast) -> None:
    request = cast.submitted()
    response = signed_in(cast.shadow)
    response.logout()
    assert response.get(request.get_absolute_url()).status_code == 302


def test_page_says_what_was_asked_where_it_is_and_who_decides(cast: Cast) -> None:
    objective = ObjectiveFactory.create(appraisal=AppraisalFactory.create(person=cast.shadow))
    page = page_of(
        cast.shadow, cast.submitted(serves=objective, want_to_see="The board", dates_note="No Fridays")
    )
    for words in (
        "From Library Services to IT Services, asked for",
        "With Mary Manager for the line manager’s decision since",
        OBJECTIVE,
        "The board",
        "No Fridays",
        objective.text,
        "Line manager: Mary Manager",
        "They are the line manager of Sam Shadow.",
        "Sam Shadow asked for the place.",
    ):
        assert words in page, words


def test_page_speaks_to_the_person_asked(cast: Cast) -> None:
    page = page_of(cast.manager, cast.submitted())
    assert "You are the line manager of Sam Shadow." in page
    assert "See it and decide" in page


@pytest.mark.parametrize("state", [*SEES, "sent_back"])
def test_page_shows_no_word_of_the_machine(cast: Cast, state: str) -> None:
    request = cast.submitted() if state == "sent_back" else in_state(cast, state)
    if state == "sent_back":
        request = perform(request, "send_back", actor=cast.manager, words="Why?")
    page = page_of(cast.shadow, request)
    for action, _ in {
        (a, a) for a in ("line_manager", "with_host", "with_manager", "email_link", "send_back<")
    }:
        assert action not in page.replace(f"/act/{action}/", "")
    assert timezone.localdate().isoformat() not in page.split("<time")[0]


def test_answer_of_a_deputy_names_both(cast: Cast) -> None:
    request = perform(cast.submitted(), "approve", actor=cast.deputy)
    page = page_of(cast.shadow, request)
    assert "Agreed by Dev Deputy on behalf of Mary Manager on" in page
    assert "Dev Deputy agreed on behalf of Mary Manager." in page


def test_answer_from_the_email_says_so(cast: Cast) -> None:
    request = perform(cast.submitted(), "approve", actor=cast.manager, how=How.EMAIL_LINK)
    page = page_of(cast.shadow, request)
    assert "from the email." in page
    assert "Mary Manager agreed, from the email." in page


# --- why the manager said no --------------------------------------------------------------------------------


@pytest.fixture
def declined(cast: Cast) -> Request:
    """Declined by the manager after the host, who knew of it, had suggested other dates."""
    day = timezone.localdate(at(20))
    request = cast.approved(session=cast.window(), window_starts=day, window_ends=day)
    request = perform(request, "agree", actor=cast.host, visits=[(at(60, 10), at(60, 12))])
    return perform(request, "decline", actor=cast.manager, reason="cover", words="Secret of the team")


READS_WHY = {"shadow": True, "manager": True, "deputy": True, "coordinator": True}
NEVER_WHY = {"host": False, "dept_coordinator": False}


@pytest.mark.parametrize(("who", "reads"), {**READS_WHY, **NEVER_WHY}.items())
def test_managers_reason_is_read_by_those_it_concerns(
    cast: Cast, declined: Request, who: str, reads: bool
) -> None:
    page = page_of(cast.people()[who], declined)
    assert "Mary Manager declined." in page
    assert ("We cannot cover the time" in page) is reads
    assert ("Secret of the team" in page) is reads


@pytest.mark.parametrize(("who", "reads"), {**READS_WHY, **NEVER_WHY}.items())
def test_managers_question_is_read_by_those_it_concerns(cast: Cast, who: str, reads: bool) -> None:
    request = perform(cast.submitted(), "send_back", actor=cast.manager, words="A private question")
    request = perform(request, "submit", actor=cast.shadow)
    request = perform(request, "approve", actor=cast.manager, words="Go ahead")
    page = page_of(cast.people()[who], request)
    assert ("A private question" in page) is reads
    assert "Go ahead" in page


def test_hosts_reason_is_read_by_everybody_concerned(cast: Cast) -> None:
    request = perform(cast.approved(), "decline_hosting", actor=cast.host, reason="space", words="No chair")
    for person in (cast.shadow, cast.manager, cast.host):
        page = page_of(person, request)
        assert "No room or no host on those days." in page
        assert "No chair" in page


def test_words_to_go_with_a_withdrawal_are_in_the_timeline(cast: Cast) -> None:
    request = perform(cast.approved(), "withdraw", actor=cast.shadow, reason="illness", words="So sorry")
    assert "So sorry" in page_of(cast.host, request)


# --- what can be done here ----------------------------------------------------------------------------------

OFFERED = {
    ("submitted", "shadow"): {"withdraw"},
    ("submitted", "manager"): set(),
    ("submitted", "coordinator"): set(),
    ("approved", "shadow"): {"withdraw"},
    ("approved", "host"): {"agree", "propose_dates", "decline_hosting"},
    ("approved", "manager"): set(),
    ("agreed", "shadow"): set(),
    ("agreed", "host"): set(),
    ("draft", "shadow"): {"withdraw"},
}


@pytest.mark.parametrize(("state", "who"), OFFERED)
def test_forms_on_the_page_are_those_the_viewer_may_send(cast: Cast, state: str, who: str) -> None:
    request = in_state(cast, state)
    page = page_of(cast.people()[who], request)
    found = {name for name in ("submit", "approve", "decline") if act_url(request, name) in page}
    everything = {
        "withdraw",
        "agree",
        "propose_dates",
        "decline_hosting",
        "put_on_waiting_list",
        "confirm_dates",
    }
    found |= {name for name in everything if act_url(request, name) in page}
    assert found == OFFERED[state, who]


def test_decision_has_a_page_of_its_own(cast: Cast) -> None:
    request = cast.submitted()
    link = f"{request.get_absolute_url()}decide/"
    assert link in page_of(cast.manager, request)
    assert link in page_of(cast.deputy, request)
    assert link not in page_of(cast.shadow, request)
    assert link not in page_of(cast.coordinator, request)


def test_full_session_offers_the_host_the_waiting_list_instead_of_dates(cast: Cast) -> None:
    request = cast.approved()
    cast.session.__class__.objects.filter(pk=cast.session.pk).update(taken=1)
    page = page_of(cast.host, request)
    assert act_url(request, "put_on_waiting_list") in page
    assert act_url(request, "agree") not in page
    assert act_url(request, "propose_dates") not in page


def test_sent_back_request_shows_the_question_and_the_way_to_change_it(cast: Cast) -> None:
    request = perform(cast.submitted(), "send_back", actor=cast.manager, words="What would you bring back?")
    page = page_of(cast.shadow, request)
    assert "Mary Manager asks" in page
    assert "What would you bring back?" in page
    assert edit_url(request) in page


def test_agreed_request_leads_to_the_visit(cast: Cast) -> None:
    request = cast.agreed()
    assert f'href="{request.placement.get_absolute_url()}"' in page_of(cast.shadow, request)


@pytest.mark.parametrize("given", [{}, {"reason": "workload", "words": "Enrolment week"}])
def test_withdrawing_needs_no_reason(cast: Cast, given: dict[str, str]) -> None:
    request = cast.submitted()
    assert signed_in(cast.shadow).post(act_url(request, "withdraw"), given).status_code == 303
    request.refresh_from_db()
    assert request.status == S.WITHDRAWN


# --- what it costs ------------------------------------------------------------------------------------------


def queries(person: Person, url: str, given: dict[str, str] | None = None) -> int:
    """How many queries a page costs, the session's and the person's own included."""
    client = signed_in(person)
    client.get("/accessibility/")
    with CaptureQueriesContext(connection) as counted:
        response = client.get(url) if given is None else client.post(url, given)
    assert response.status_code in (200, 303)
    return len(counted)


@pytest.mark.parametrize("who", ["shadow", "manager", "host", "coordinator", "dept_coordinator"])
def test_page_costs_the_same_with_one_and_with_many_decisions(cast: Cast, who: str) -> None:
    request = cast.approved()
    person = cast.people()[who]
    few = queries(person, request.get_absolute_url())
    for _ in range(12):
        Decision.objects.create(
            request=request,
            role=DecisionRole.HOST,
            asked=cast.host,
            outcome=Outcome.OTHER_DATES,
            answered_by=cast.host_manager,
            answered_at=timezone.now(),
            how=How.PAGE,
        )
        HistoryEntry.objects.create(
            subject_type=request._meta.label_lower,
            subject_id=request.pk,
            actor=cast.host,
            on_behalf_of=cast.host_manager,
            how=How.PAGE,
            action="reject_dates",
            from_state=S.DATES_PROPOSED,
            to_state=S.WITH_HOST,
        )
    # Coordinators are asked of both sides what they can note there for others.
    assert queries(person, request.get_absolute_url()) == few <= (19 if "coordinator" in who else 14)


def test_asking_for_a_place_costs_a_bounded_number_of_queries(cast: Cast) -> None:
    assert queries(cast.shadow, ask_url(cast.offer)) <= 25
    assert (
        queries(cast.shadow, ask_url(cast.offer), filled(cast.session)) <= 66
    )  # one for each mail: who is named in it
