"""Agreement and checklists in the administration: versions by words alone, nothing ticked is ever lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.workflow import perform
from shadowing.models import Agreement, ChecklistItem
from tests.cast import Cast
from tests.factories import PersonFactory


@pytest.fixture
def administrator(client: Client, db: None) -> Client:
    client.force_login(PersonFactory.create(is_staff=True, is_superuser=True))
    return client


def saved(client: Client, cast: Cast, items: dict[int, dict[str, Any]] | None = None, **given: Any) -> Client:
    """Send the scheme's page unchanged except for ``given`` and ``items``."""
    url = reverse("admin:shadowing_scheme_change", args=[cast.scheme.pk])
    page = client.get(url).context
    data: dict[str, Any] = {}
    for form in (
        page["adminform"].form,
        *(each for part in page["inline_admin_formsets"] for each in part.formset),
    ):
        data |= {form.add_prefix(name): form[name].value() for name in form.fields}
    for part in page["inline_admin_formsets"]:
        data |= {field.html_name: field.value() for field in part.formset.management_form}
        for form in part.formset.initial_forms:
            typed = (items or {}).get(form.instance.pk, {})
            data |= {form.add_prefix(name): value for name, value in typed.items()}
    data = {name: ",".join(map(str, v)) if isinstance(v, list) else v for name, v in data.items()}
    data["coordinators"] = [cast.coordinator.pk]
    data = {name: "" if v is None else v for name, v in (data | given).items() if v is not False}
    answer = client.post(url, data)
    assert answer.status_code == 302, answer.context["errors"]
    return client


def test_same_words_are_no_new_version(administrator: Client, cast: Cast) -> None:
    typed = cast.scheme.agreement.replace("\n", "\r\n") + "\r\n"
    saved(administrator, cast, agreement=typed)
    assert [each.number for each in Agreement.objects.all()] == [1]


def test_other_words_are_the_next_version(administrator: Client, cast: Cast) -> None:
    saved(administrator, cast, agreement="Be kind.")
    assert list(Agreement.objects.values_list("number", "words"))[1:] == [(2, "Be kind.")]
    url = reverse("admin:shadowing_scheme_change", args=[cast.scheme.pk])
    assert "Version 2, since" in administrator.get(url).content.decode()


def test_agreement_without_words_is_refused(administrator: Client, cast: Cast) -> None:
    with pytest.raises(AssertionError, match="Both sides accept this text|required"):
        saved(administrator, cast, agreement="   ")
    assert Agreement.objects.count() == 1


def test_item_nobody_ticked_is_deleted(administrator: Client, cast: Cast) -> None:
    item = ChecklistItem.objects.filter(side="host").first()
    assert item is not None
    saved(administrator, cast, {item.pk: {"DELETE": "on"}})
    assert not ChecklistItem.objects.filter(pk=item.pk).exists()


def test_ticked_item_is_retired_and_stays_on_the_visits_page(administrator: Client, cast: Cast) -> None:
    placement = cast.agreed().placement
    item = ChecklistItem.objects.filter(side="host").first()
    assert item is not None
    perform(placement, "tick", actor=cast.host, item=item)
    saved(administrator, cast, {item.pk: {"DELETE": "on"}})
    item.refresh_from_db()
    assert item.retired_at is not None
    client = Client()
    client.force_login(cast.host)
    assert item.text in client.get(placement.get_absolute_url()).content.decode()


def test_ticked_item_with_other_words_is_another_one(administrator: Client, cast: Cast) -> None:
    placement = cast.agreed().placement
    item = ChecklistItem.objects.filter(side="host").first()
    assert item is not None
    perform(placement, "tick", actor=cast.host, item=item)
    saved(administrator, cast, {item.pk: {"text": "Bring cake."}})
    item.refresh_from_db()
    assert item.retired_at is not None
    assert item.text != "Bring cake."
    new = ChecklistItem.objects.get(text="Bring cake.")
    assert (new.side, new.position, new.retired_at, new.ticks.count()) == ("host", item.position, None, 0)


def test_item_not_ticked_is_simply_changed(administrator: Client, cast: Cast) -> None:
    item = ChecklistItem.objects.filter(side="host").first()
    assert item is not None
    saved(administrator, cast, {item.pk: {"text": "Bring cake."}})
    item.refresh_from_db()
    assert (item.text, item.retired_at) == ("Bring cake.", None)
