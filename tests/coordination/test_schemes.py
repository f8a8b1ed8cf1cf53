"""A scheme's rules and texts: who may read and change them, and the preview before saving."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.template import engines
from django.test import Client

from accounts.models import AuditEntry
from coordination.example_mails import example_of
from shadowing.mail.wording import mails_by_recipient
from shadowing.models import Agreement, MailWording
from tests.cast import Cast
from tests.shadowing.links import signed_in

URL = "/coordinate/scheme/all/"


def opened(client: Client, page: str) -> dict[str, Any]:
    """Return the fields that the unchanged form would send."""
    form = client.get(f"{URL}{page}/").context["form"]
    sent = {}
    for field in form:
        value = field.value()
        if isinstance(value, list):
            value = ",".join(map(str, value))
        if value not in (None, False):
            sent[field.html_name] = value
    return sent


def test_only_coordinators_read_and_only_those_who_run_it_change(cast: Cast) -> None:
    assert signed_in(cast.coordinator).get("/coordinate/scheme/")["Location"] == URL
    theirs = signed_in(cast.dept_coordinator)
    text = theirs.get(URL).content.decode()
    assert "These are the rules here" in text
    assert "Cora Coordinator" in text
    assert "/rules/" not in text
    assert {theirs.get(f"{URL}{page}/").status_code for page in ("rules", "agreement", "questions")} == {403}
    assert theirs.get(f"{URL}mails/").status_code == 200
    assert {signed_in(cast.manager).get(url).status_code for url in (URL, f"{URL}rules/")} == {404}
    assert theirs.get("/coordinate/scheme/LIB/").status_code == 404


def test_rules_are_shown_old_and_new_before_they_are_saved(cast: Cast) -> None:
    cast.submitted()
    client = signed_in(cast.coordinator)
    sent = {**opened(client, "rules"), "cap_half_days": "8", "manager_reminder_days": "2,5"}
    looked = client.post(f"{URL}rules/", sent)
    changes = [(each.label, each.before, each.after) for each in looked.context["preview"].changes]
    assert changes == [
        ("Half-days per person and year", "6", "8"),
        ("The line manager is reminded on days", "3, 6", "2, 5"),
    ]
    assert "1 request is under way and 0 visits are to come" in looked.content.decode()
    cast.scheme.refresh_from_db()
    assert cast.scheme.cap_half_days == 6
    again = client.post(f"{URL}rules/", {**sent, "change": "1"})
    assert (again.status_code, again.context["form"]["cap_half_days"].value()) == (200, "8")
    assert client.post(f"{URL}rules/", {**sent, "save": "1"}).status_code == 303
    cast.scheme.refresh_from_db()
    assert (cast.scheme.cap_half_days, cast.scheme.manager_reminder_days) == (8, [2, 5])
    assert not cast.scheme.offers_checked
    assert AuditEntry.objects.get(actor=cast.coordinator).what == "The rules of a scheme were changed."


def test_what_the_preview_hides_in_its_form_saves_the_same(cast: Cast) -> None:
    """The second step sends hidden fields: a box that is not ticked must not come back ticked."""
    client = signed_in(cast.coordinator)
    sent = {**opened(client, "rules"), "offers_checked": "on"}
    del sent["missed_counts"]
    looked = client.post(f"{URL}rules/", sent).content.decode()
    engine_made = {
        name: value
        for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', looked)
        if name not in ("csrfmiddlewaretoken", "change")
    }
    assert client.post(f"{URL}rules/", {**engine_made, "save": "1"}).status_code == 303
    cast.scheme.refresh_from_db()
    assert (cast.scheme.offers_checked, cast.scheme.missed_counts) == (True, False)
    assert cast.scheme.host_reminder_days == [3, 7]


def test_rules_that_contradict_themselves_are_refused_beside_their_field(cast: Cast) -> None:
    client = signed_in(cast.coordinator)
    sent = {**opened(client, "rules"), "manager_lapse_day": "5", "holiday_country": "Nowhere"}
    answer = client.post(f"{URL}rules/", {**sent, "save": "1"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"manager_lapse_day", "holiday_country"}


@pytest.mark.parametrize("button", ["save", "look"])
def test_second_of_two_coordinators_sees_conflict_and_keeps_input(cast: Cast, button: str) -> None:
    client = signed_in(cast.coordinator)
    mine = {**opened(client, "agreement"), "words": "My words."}
    cast.scheme.agreement = "Their words."
    cast.scheme.save()
    answer = client.post(f"{URL}agreement/", {**mine, button: "1"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else has changed this" in text
    assert "Their words." in text
    assert "My words." in text
    cast.scheme.refresh_from_db()
    assert cast.scheme.agreement == "Their words."
    seen = answer.context["form"]["seen"].value()
    client.post(f"{URL}agreement/", {**mine, "seen": seen, "save": "1"})
    cast.scheme.refresh_from_db()
    assert cast.scheme.agreement == "My words."


def test_rewritten_agreement_is_a_new_version_and_says_who_accepts_again(cast: Cast) -> None:
    cast.agreed()
    client = signed_in(cast.coordinator)
    sent = {**opened(client, "agreement"), "words": "We are kind.\r\n\r\nWe are on time."}
    looked = client.post(f"{URL}agreement/", sent).content.decode()
    assert "It becomes version 2" in looked
    assert "1 visit is to come: both sides are asked to accept the new version" in looked
    client.post(f"{URL}agreement/", {**sent, "save": "1"})
    newest = Agreement.objects.current(cast.scheme)
    assert newest is not None
    assert (newest.number, newest.words) == (2, "We are kind.\n\nWe are on time.")


def test_paragraph_of_a_mail_is_shown_in_the_mail_before_it_is_kept(cast: Cast) -> None:
    client = signed_in(cast.coordinator)
    url = f"{URL}mails/request_submitted_to_manager/"
    sent = {**opened(client, "mails/request_submitted_to_manager"), "words": "{shadow} asks you. Thank you!"}
    looked = client.post(url, sent).content.decode()
    assert "Sam Shadow asks you. Thank you!" in looked
    assert "Hello Mary," in looked
    assert client.post(url, {**sent, "save": "1"}).status_code == 303
    assert MailWording.objects.get().words == "{shadow} asks you. Thank you!"
    assert client.post(url, {**sent, "words": "{salary}"}).status_code == 422
    assert client.get(f"{URL}mails/no_such_mail/").status_code == 404
    sent = {**opened(client, "mails/request_submitted_to_manager"), "words": ""}
    client.post(url, {**sent, "save": "1"})
    assert not MailWording.objects.exists()


def test_every_mail_can_be_shown_with_an_example(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "MISSING-%s")  # type: ignore[attr-defined]  # Django's own engine
    for rows in mails_by_recipient().values():
        for template, _ in rows:
            subject, text = example_of(template, "Welcome to {department}.", cast.scheme)
            assert "MISSING" not in subject + text, template
            assert "Welcome to IT Services." in text, template


def test_checklist_keeps_what_was_ticked_and_takes_its_new_order(cast: Cast) -> None:
    client = signed_in(cast.coordinator)
    first, second, _ = cast.scheme.checklist_items.filter(side="shadow")
    placement = cast.agreed().placement
    placement.ticks.create(item=first, person=cast.shadow)
    sent = {**opened(client, "checklists"), "shadow": f"Bring lunch.\n\n{second.text}\n{second.text}"}
    assert "Bring lunch." in client.post(f"{URL}checklists/", sent).content.decode()
    client.post(f"{URL}checklists/", {**sent, "save": "1"})
    on_list = cast.scheme.checklist_items.filter(side="shadow", retired_at=None)
    assert [item.text for item in on_list] == ["Bring lunch.", second.text]
    first.refresh_from_db()
    assert first.retired_at is not None
    assert placement.ticks.count() == 1


def test_question_is_reworded_and_another_is_not_asked_any_more(cast: Cast) -> None:
    client = signed_in(cast.coordinator)
    sent = {**opened(client, "questions"), "text_fresh_eyes_host": "What did your visitor notice?"}
    del sent["asked_recommend_shadow"]
    looked = client.post(f"{URL}questions/", sent)
    assert [change.after for change in looked.context["preview"].changes] == [
        "no",
        "What did your visitor notice?",
    ]
    client.post(f"{URL}questions/", {**sent, "save": "1"})
    questions = cast.scheme.reflection_questions
    assert questions.get(key="fresh_eyes").text == "What did your visitor notice?"
    assert questions.get(key="recommend").retired_at is not None
    assert questions.filter(retired_at=None).count() == 9


def test_nonsense_is_refused_with_a_sentence_of_ours(cast: Cast) -> None:
    client = signed_in(cast.coordinator)
    rules = opened(client, "rules")
    for name, typed, sentence in (
        ("manager_reminder_days", "x", "Write whole numbers with commas between them, like 3,6."),
        ("later_days", "99999", "Write whole numbers with commas between them, like 3,6."),
        ("later_days", "180,60", "Give the days in order, each once: 60,180."),
        ("reflection_days", "400", "It has to be asked before day 250."),
        ("share_day", "32767", "250 working days, a year, are the most."),
        ("late_cancellation_days", "900", "250 working days, a year, are the most."),
    ):
        sent = client.post(f"{URL}rules/", {**rules, name: typed, "save": "1"})
        assert (sent.status_code, sent.context["form"].errors[name]) == (422, [sentence])


def test_each_side_is_asked_something(cast: Cast) -> None:
    client = signed_in(cast.coordinator)
    questions = opened(client, "questions")
    none = {name: value for name, value in questions.items() if not name.startswith("asked_")}
    sent = client.post(f"{URL}questions/", {**none, "save": "1"})
    assert sent.status_code == 422
    assert "at least one question has to be asked" in sent.content.decode()
    assert cast.scheme.reflection_questions.filter(retired_at=None).exists()
