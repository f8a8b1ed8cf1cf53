"""The checklists of shadow, host and manager: everybody reads them, each side ticks its own."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Person
from accounts.workflow import TransitionError, perform
from shadowing.models import ChecklistItem, ChecklistTick, Placement
from tests.cast import Cast, member
from tests.factories import SchemeFactory, take_on
from tests.shadowing.requesting import act_url, page_of, post, signed_in

TICKERS = {"shadow": {"shadow"}, "host": {"host", "co_host"}, "manager": {"manager", "deputy"}}
EVERYBODY = ("shadow", "host", "co_host", "manager", "deputy", "coordinator", "dept_coordinator")


@pytest.fixture
def placement(cast: Cast) -> Placement:
    """An agreed visit, hosted by two."""
    take_on(cast.offer, member(cast.it, email="co@example.ac.uk", first_name="Kim", last_name="Co"))
    placement: Placement = cast.agreed().placement
    return placement


def person_of(cast: Cast, who: str) -> Person:
    """The cast, and the co-host."""
    return Person.objects.get(email="co@example.ac.uk") if who == "co_host" else cast.people()[who]


def first(side: str) -> ChecklistItem:
    """The first item of a side."""
    return ChecklistItem.objects.filter(side=side)[0]


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("side", ["shadow", "host", "manager"])
def test_each_side_ticks_its_own_list_alone(cast: Cast, placement: Placement, who: str, side: str) -> None:
    person, item, may = person_of(cast, who), first(side), who in TICKERS[side]
    page = page_of(person, placement)
    assert item.text in page
    assert (f'id="tick-{item.pk}"' in page) is may
    assert post(person, act_url(placement, "tick"), item=item.pk).status_code == (303 if may else 403)
    assert ChecklistTick.objects.filter(placement=placement, item=item).exists() is may


def test_tick_says_who_and_is_taken_away_again(cast: Cast, placement: Placement) -> None:
    item = first("host")
    post(person_of(cast, "co_host"), act_url(placement, "tick"), item=item.pk)
    page = page_of(cast.host, placement)
    assert "Kim Co, " in page
    assert f'id="tick-{item.pk}" aria-pressed="true"' in page
    assert post(cast.host, act_url(placement, "untick"), item=item.pk).status_code == 303
    assert not ChecklistTick.objects.exists()
    assert f'id="tick-{item.pk}" aria-pressed="false"' in page_of(cast.host, placement)


def test_second_press_leaves_the_first_tick(cast: Cast, placement: Placement) -> None:
    item = first("host")
    post(person_of(cast, "co_host"), act_url(placement, "tick"), item=item.pk)
    assert post(cast.host, act_url(placement, "tick"), item=item.pk).status_code == 303
    assert ChecklistTick.objects.get().person == person_of(cast, "co_host")


def test_tick_is_silent_and_leads_back_to_the_list(cast: Cast, placement: Placement) -> None:
    back = f"{placement.get_absolute_url()}#checklists"
    client = signed_in(cast.host)
    response = client.post(act_url(placement, "tick"), {"item": first("host").pk, "next": back})
    assert (response.status_code, response["Location"]) == (303, back)
    assert 'class="message' not in client.get(back).content.decode()


def test_one_side_does_not_untick_for_another(cast: Cast, placement: Placement) -> None:
    perform(placement, "tick", actor=cast.host, item=first("host"))
    with pytest.raises(PermissionDenied):
        perform(placement, "untick", actor=cast.manager, item=first("host"))


def test_item_of_another_scheme_is_refused(cast: Cast, placement: Placement) -> None:
    other = SchemeFactory.create(name="Elsewhere", branch=cast.estates)
    item = other.checklist_items.filter(side="host")[0]
    assert post(cast.host, act_url(placement, "tick"), item=item.pk).status_code == 422
    with pytest.raises(TransitionError, match="no longer on the list"):
        perform(placement, "tick", actor=cast.host, item=item)


@pytest.mark.parametrize("item", ["", "0", "nonsense", "99999999999999999999"])
def test_invalid_input_is_refused(cast: Cast, placement: Placement, item: str) -> None:
    assert post(cast.host, act_url(placement, "tick"), item=item).status_code == 422


def test_item_off_the_list_is_not_shown_unless_it_is_ticked(cast: Cast, placement: Placement) -> None:
    ticked, other = ChecklistItem.objects.filter(side="host")[:2]
    perform(placement, "tick", actor=cast.host, item=ticked)
    for item in (ticked, other):
        item.retired_at = placement.created_at
        item.save()
    page = page_of(cast.host, placement)
    assert ticked.text in page
    assert other.text not in page
    with pytest.raises(TransitionError, match="no longer on the list"):
        perform(placement, "tick", actor=cast.host, item=other)


def test_cancelled_visit_has_no_list(cast: Cast, placement: Placement) -> None:
    perform(placement, "cancel", actor=cast.host, reason="illness")
    assert post(cast.host, act_url(placement, "tick"), item=first("host").pk).status_code == 409
    assert first("host").text not in page_of(cast.host, placement)


def test_scheme_without_lists_shows_none(cast: Cast, placement: Placement) -> None:
    ChecklistItem.objects.all().delete()
    assert "To see to" not in page_of(cast.shadow, placement)
