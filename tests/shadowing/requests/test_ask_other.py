"""Asking somebody else to decide: the form, from the desk and the request's page, and what goes wrong."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.days import day
from accounts.models import Person, WaitingItem
from accounts.workflow import TransitionError, available_actions, perform
from departments.models import Coordinator
from shadowing.enums import HostManagerPart, RequestStatus
from shadowing.models import Decision, Request
from shadowing.requests.forms.reassignment import CHOOSE, NO_LONGER, NOBODY, AskOtherForm
from tests.cast import Cast
from tests.shadowing.links import signed_in, status_of
from tests.shadowing.rules.test_actions import act_url
from tests.shadowing.stuck import overdue


def form_url(request: Request) -> str:
    return reverse("coordination:desk-ask-other", args=[request.pk])


def asked_now(request: Request) -> Person:
    return Decision.objects.pending().get(request=request).asked


def named(form: AskOtherForm) -> list[str]:
    return [str(label) for _, label in form.fields["person"].choices]  # type: ignore[attr-defined]  # a choice field


def test_form_names_everybody_who_could_decide_and_who_they_are(cast: Cast) -> None:
    cast.library.head = cast.host_manager
    cast.library.save()
    assert named(AskOtherForm(record=cast.submitted())) == [
        "Dev Deputy, Officer: deputy of Mary Manager at the moment",
        "Helga Hostmanager, Officer: heads Library Services",
        "Dee Dept, Officer: coordinates job shadowing there",
        "Cora Coordinator, Officer: runs the scheme",
    ]


def test_form_says_when_there_is_nobody_else(cast: Cast) -> None:
    request = cast.submitted()
    Person.objects.exclude(pk__in=[cast.shadow.pk, cast.manager.pk]).update(is_active=False)
    form = AskOtherForm({"person": str(cast.deputy.pk)}, record=request)
    assert named(form) == []
    assert form.fields["person"].help_text == NOBODY
    assert form.errors["person"] == [NO_LONGER]


def test_desk_leads_to_the_form_and_back(cast: Cast) -> None:
    request = cast.submitted()
    item = overdue(request)
    client = signed_in(cast.dept_coordinator)
    page = client.get(reverse("coordination:desk-item", args=[item.pk])).content.decode()
    assert form_url(request) in page
    page = client.get(form_url(request)).content.decode()
    assert "Sam Shadow and whoever was asked before are told." in page
    assert f'action="{act_url(request, "ask_other")}"' in page
    given = {"person": str(cast.deputy.pk), "words": "Mary is on leave.", "next": "/coordinate/"}
    response = client.post(act_url(request, "ask_other"), given)
    assert (response.status_code, response["Location"]) == (303, "/coordinate/")
    assert asked_now(request) == cast.deputy
    text = client.get("/coordinate/").content.decode()
    assert "Somebody else is asked now." in text
    assert "Nothing is overdue" in text


def test_request_page_has_the_form_for_coordinators_only(cast: Cast) -> None:
    request = cast.submitted()
    with_form = {
        name
        for name, person in cast.people().items()
        if act_url(request, "ask_other") in signed_in(person).get(request.get_absolute_url()).content.decode()
    }
    assert with_form == {"coordinator", "dept_coordinator"}


def test_history_says_who_was_asked_instead_with_the_words(cast: Cast) -> None:
    request = cast.submitted()
    given = {"person": str(cast.deputy.pk), "words": "Mary is on leave."}
    signed_in(cast.coordinator).post(act_url(request, "ask_other"), given)
    text = signed_in(cast.shadow).get(request.get_absolute_url()).content.decode()
    assert "Cora Coordinator asked somebody else to decide." in text
    assert "Dev Deputy was asked instead of Mary Manager. Mary is on leave." in text


def test_hosts_side_has_its_own_people(cast: Cast) -> None:
    cast.scheme.host_manager_part = HostManagerPart.MUST_AGREE
    cast.scheme.save()
    request = cast.agreed()
    labels = named(AskOtherForm(record=request))
    assert labels
    assert not any("Hana Host" in label or "Sam Shadow" in label for label in labels)
    response = signed_in(cast.coordinator).get(form_url(request))
    assert response.status_code == 200


# --- what goes wrong -------------------------------------------------------------------------------------


def test_missing_choice_shows_error_at_list(cast: Cast) -> None:
    request = cast.submitted()
    response = signed_in(cast.coordinator).post(act_url(request, "ask_other"), {"words": "Please."})
    assert response.status_code == 422
    text = response.content.decode()
    assert CHOOSE in text
    assert "Please." in text
    assert asked_now(request) == cast.manager


@pytest.mark.parametrize("who", ["shadow", "manager", "stranger", "host"])
def test_somebody_who_is_no_candidate_is_refused(cast: Cast, who: str) -> None:
    request = cast.submitted()
    given = {"person": str(cast.people()[who].pk)}
    response = signed_in(cast.coordinator).post(act_url(request, "ask_other"), given)
    assert response.status_code == 422
    assert "can no longer be asked" in response.content.decode()
    assert asked_now(request) == cast.manager


@pytest.mark.parametrize("value", ["x", "0", "-1", "9" * 30, "\x00", "1 OR 1"])
def test_nonsense_for_a_person_is_refused(cast: Cast, value: str) -> None:
    response = signed_in(cast.coordinator).post(act_url(cast.submitted(), "ask_other"), {"person": value})
    assert response.status_code == 422


def test_candidate_who_has_left_is_refused(cast: Cast) -> None:
    request = cast.submitted()
    client = signed_in(cast.coordinator)
    assert "Dev Deputy" in client.get(form_url(request)).content.decode()
    Person.objects.filter(pk=cast.deputy.pk).update(is_active=False)
    response = client.post(act_url(request, "ask_other"), {"person": str(cast.deputy.pk)})
    assert response.status_code == 422
    assert "can no longer be asked" in response.content.decode()


def test_answered_meanwhile_is_a_sentence(cast: Cast) -> None:
    request = cast.submitted()
    perform(request, "approve", actor=cast.manager)
    client = signed_in(cast.coordinator)
    for response in (
        client.get(form_url(request)),
        client.post(act_url(request, "ask_other"), {"person": str(cast.deputy.pk)}),
    ):
        assert response.status_code == 409
        assert "it is with the host now" in response.content.decode()
    assert status_of(request) == RequestStatus.WITH_HOST


@pytest.mark.parametrize(
    ("who", "code"),
    [("shadow", 403), ("manager", 403), ("deputy", 403), ("host", 404), ("stranger", 404)],
)
def test_others_have_no_such_form(cast: Cast, who: str, code: int) -> None:
    request = cast.submitted()
    client = signed_in(cast.people()[who])
    assert client.get(form_url(request)).status_code == code
    given = {"person": str(cast.dept_coordinator.pk)}
    assert client.post(act_url(request, "ask_other"), given).status_code == code
    assert asked_now(request) == cast.manager


def test_coordinator_of_the_other_side_has_no_such_form(cast: Cast) -> None:
    Coordinator.objects.create(department=cast.it, person=cast.stranger)
    request = cast.submitted()
    assert signed_in(cast.stranger).get(form_url(request)).status_code == 403


def seen_on(text: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', text)
    assert found, text
    return found.group(1)


def test_page_says_who_was_asked_until_now_and_since_when(cast: Cast) -> None:
    request = cast.submitted()
    since = day(Decision.objects.get(request=request).asked_at)
    client = signed_in(cast.coordinator)
    for url in (form_url(request), request.get_absolute_url()):
        assert f"Asked until now: Mary Manager, since {since}." in client.get(url).content.decode()


def test_old_tab_does_not_replace_what_a_colleague_chose(cast: Cast) -> None:
    request = cast.submitted()
    client = signed_in(cast.coordinator)
    old = seen_on(client.get(form_url(request)).content.decode())
    perform(request, "ask_other", actor=cast.dept_coordinator, person=cast.deputy)
    given = {"person": str(cast.dept_coordinator.pk), "words": "Mary is on leave.", "next": "/coordinate/"}
    response = client.post(act_url(request, "ask_other"), {**given, "seen": old})
    text = response.content.decode()
    assert response.status_code == 409
    assert "Dev Deputy was asked meanwhile, so nothing was changed." in text
    assert "Asked until now: Dev Deputy" in text
    assert "Mary is on leave." in text
    assert asked_now(request) == cast.deputy
    again = client.post(act_url(request, "ask_other"), {**given, "seen": seen_on(text)})
    assert again.status_code == 303
    assert asked_now(request) == cast.dept_coordinator


def test_choice_made_between_form_and_act_is_not_replaced(cast: Cast) -> None:
    request = cast.submitted()
    seen = Decision.objects.get(request=request).pk
    perform(request, "ask_other", actor=cast.dept_coordinator, person=cast.deputy)
    with pytest.raises(TransitionError, match="Dev Deputy was asked meanwhile"):
        perform(request, "ask_other", actor=cast.coordinator, person=cast.dept_coordinator, seen=seen)
    assert asked_now(request) == cast.deputy


def test_old_tab_without_choice_shows_who_was_asked_meanwhile(cast: Cast) -> None:
    request = cast.submitted()
    seen = str(Decision.objects.get(request=request).pk)
    perform(request, "ask_other", actor=cast.dept_coordinator, person=cast.deputy)
    response = signed_in(cast.coordinator).post(act_url(request, "ask_other"), {"seen": seen})
    assert response.status_code == 409
    assert "Dev Deputy was asked meanwhile" in response.content.decode()


def test_nonsense_for_what_was_seen_is_refused(cast: Cast) -> None:
    request = cast.submitted()
    given = {"person": str(cast.deputy.pk), "seen": "x"}
    assert signed_in(cast.coordinator).post(act_url(request, "ask_other"), given).status_code == 422
    assert asked_now(request) == cast.manager


def test_second_press_of_the_same_choice_changes_nothing_more(cast: Cast) -> None:
    request = cast.submitted()
    client = signed_in(cast.coordinator)
    given = {"person": str(cast.deputy.pk)}
    codes = [client.post(act_url(request, "ask_other"), given).status_code for _ in range(2)]
    assert codes == [303, 422]
    assert WaitingItem.objects.open().about(request).count() == 1


def test_coordinator_who_is_asked_cannot_ask_somebody_else_about_their_own_decision(cast: Cast) -> None:
    cast.shadow.line_manager = cast.dept_coordinator
    cast.shadow.save()
    request = cast.submitted()
    assert asked_now(request) == cast.dept_coordinator
    assert "ask_other" not in available_actions(request, cast.dept_coordinator)
    with pytest.raises(PermissionDenied):
        perform(request, "ask_other", actor=cast.dept_coordinator, person=cast.manager)
    assert "ask_other" in available_actions(request, cast.coordinator)
    assert signed_in(cast.dept_coordinator).get(form_url(request)).status_code == 403
