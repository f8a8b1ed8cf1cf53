"""Schemes and closure days in the administration: refused at the field, never with an error page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shadowing.models import ClosureDay, MailWording, Scheme
from tests.factories import PersonFactory, SchemeFactory

pytestmark = pytest.mark.django_db
ASKED = "request_submitted_to_manager"


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(PersonFactory.create(is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def scheme() -> Scheme:
    return SchemeFactory.create()


def url(scheme: Scheme) -> str:
    return reverse("admin:shadowing_scheme_change", args=[scheme.pk])


def form(client: Client, scheme: Scheme, *wordings: tuple[str, str], **given: Any) -> dict[str, Any]:
    """What the page would send, with ``given`` typed over it and new paragraphs added."""
    page = client.get(url(scheme)).context
    fields = page["adminform"].form
    data = {name: fields[name].value() for name in fields.fields}
    data = {name: ",".join(map(str, v)) if isinstance(v, list) else v for name, v in data.items()}
    data |= {"coordinators": [], "mail_wordings-INITIAL_FORMS": 0, "mail_wordings-TOTAL_FORMS": len(wordings)}
    data |= {"checklist_items-INITIAL_FORMS": 0, "checklist_items-TOTAL_FORMS": 0}
    for number, (template, words) in enumerate(wordings):
        data |= {f"mail_wordings-{number}-template": template, f"mail_wordings-{number}-words": words}
    return {
        name: "" if value is None else value for name, value in (data | given).items() if value is not False
    }


def errors(client: Client, scheme: Scheme, **given: Any) -> dict[str, list[str]]:
    answer = client.post(url(scheme), form(client, scheme, **given))
    if answer.status_code == 302:
        return {}
    return dict(answer.context["adminform"].form.errors)


def test_scheme_is_saved(administrator: Client, scheme: Scheme) -> None:
    assert not errors(administrator, scheme, manager_reminder_days="2,4,8", host_reminder_days="")
    scheme.refresh_from_db()
    assert (scheme.manager_reminder_days, scheme.host_reminder_days) == ([2, 4, 8], [])


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("manager_reminder_days", "6,3"),
        ("manager_reminder_days", "3,x"),
        ("manager_reminder_days", "3,,6"),
        ("manager_reminder_days", "3,99"),
        ("manager_reminder_days", "-1"),
        ("manager_reminder_days", "99999999999"),
        ("host_reminder_days", "0"),
        ("host_reminder_days", "14"),
        ("manager_escalation_day", "0"),
        ("manager_escalation_day", ""),
        ("manager_lapse_day", "10"),
        ("manager_lapse_day", "32767"),
        ("manager_lapse_day", "99999999999"),
        ("host_lapse_day", "x"),
        ("holiday_country", "XX"),
        ("holiday_country", "\u0000G"),
        ("holiday_region", "Narnia"),
        ("name", ""),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    administrator: Client, scheme: Scheme, field: str, typed: str
) -> None:
    assert field in errors(administrator, scheme, **{field: typed})
    scheme.refresh_from_db()
    assert scheme.manager_reminder_days == [3, 6]


def test_second_scheme_for_everybody_is_refused(administrator: Client, scheme: Scheme) -> None:
    data = form(administrator, scheme, name="Another")
    answer = administrator.post(reverse("admin:shadowing_scheme_add"), data)
    assert "There is a scheme for the whole organisation already" in answer.content.decode()


def test_pages_explain_when_a_rule_takes_effect(administrator: Client, scheme: Scheme) -> None:
    assert "A change holds for what is asked from now on" in administrator.get(url(scheme)).content.decode()
    add = administrator.get(reverse("admin:shadowing_closureday_add")).content.decode()
    assert "move one working day later" in add
    assert "nothing is made earlier" in add


# --- own words --------------------------------------------------------------------------------------------


def test_paragraph_is_saved_and_previewed(administrator: Client, scheme: Scheme) -> None:
    data = form(administrator, scheme, (ASKED, "Dear manager of {shadow},\n<b>thank you</b>"))
    assert administrator.post(url(scheme), data).status_code == 302
    assert MailWording.objects.get().scheme == scheme
    text = administrator.get(url(scheme)).content.decode()
    assert "Dear manager of Sam Shadow,<br>&lt;b&gt;thank you&lt;/b&gt;" in text


@pytest.mark.parametrize("words", ["{shadow.password}", "{", "{0}", "{{x}}", "", "x" * 1001, "\u0000"])
def test_broken_paragraph_is_refused_at_its_field(administrator: Client, scheme: Scheme, words: str) -> None:
    answer = administrator.post(url(scheme), form(administrator, scheme, (ASKED, words)))
    assert answer.status_code == 200
    assert "words" in answer.context["inline_admin_formsets"][0].formset.errors[0]
    assert not MailWording.objects.exists()


def test_same_mail_twice_is_refused(administrator: Client, scheme: Scheme) -> None:
    answer = administrator.post(url(scheme), form(administrator, scheme, (ASKED, "One"), (ASKED, "Two")))
    assert answer.status_code == 200
    assert not MailWording.objects.exists()


def test_unknown_mail_is_refused(administrator: Client, scheme: Scheme) -> None:
    answer = administrator.post(url(scheme), form(administrator, scheme, ("../../etc/passwd", "Words")))
    assert "template" in answer.context["inline_admin_formsets"][0].formset.errors[0]


def test_paragraph_that_went_bad_is_shown_with_what_is_wrong(administrator: Client, scheme: Scheme) -> None:
    MailWording.objects.create(scheme=scheme, template=ASKED, words="{gone}")
    assert "is no placeholder of this mail" in administrator.get(url(scheme)).content.decode()


# --- closure days -----------------------------------------------------------------------------------------


def test_closure_day_twice_is_refused(administrator: Client) -> None:
    ClosureDay.objects.create(day="2026-12-29", name="Winter closure")
    data = {"day": "2026-12-29", "name": "Again"}
    answer = administrator.post(reverse("admin:shadowing_closureday_add"), data)
    assert "This day is in the list of closure days already." in answer.content.decode()


def test_closure_day_that_is_moved_is_new_for_the_clocks(administrator: Client) -> None:
    before = timezone.now()
    closure = ClosureDay.objects.create(day="2026-12-29", name="Winter closure", counted_at=before)
    path = reverse("admin:shadowing_closureday_change", args=[closure.pk])
    administrator.post(path, {"day": "2026-12-29", "name": "Other name"})
    closure.refresh_from_db()
    assert (closure.name, closure.counted_at) == ("Other name", before)
    administrator.post(path, {"day": "2026-12-30", "name": "Other name"})
    closure.refresh_from_db()
    assert closure.counted_at is None
    assert closure.added_at > before
