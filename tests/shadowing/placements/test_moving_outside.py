"""Other dates outside the days agreed to: the line manager is asked, or their deputy, or who comes next."""

from __future__ import annotations

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from accounts.models import HistoryEntry, WaitingItem
from accounts.workflow import TransitionError, perform
from schedule.due import run_due
from shadowing.enums import MoveOutcome, WaitingKind
from shadowing.models import DateChange, Placement
from tests.cast import Cast, member
from tests.factories import take_on
from tests.shadowing.clock import mails, on
from tests.shadowing.requesting import get, page_of
from tests.shadowing.visits import OUTSIDE, dates, hours, several_dates, suggested, waits_for

pytestmark = pytest.mark.usefixtures("clock")


def with_manager(cast: Cast) -> Placement:
    """Both sides agree on dates outside the window."""
    placement = several_dates(cast, 14)
    suggested(cast, placement, OUTSIDE)
    return perform(placement, "accept_move", actor=cast.host)


def test_manager_is_asked_with_their_deputy(cast: Cast) -> None:
    placement = with_manager(cast)
    assert waits_for(placement) == {WaitingKind.ALLOW_MOVE: "Mary"}
    assert dates(placement) == [hours(14)]
    assert {mail.recipient for mail in mails("move_to_allow_to_manager")} == {cast.manager, cast.deputy}
    assert "as deputy of Mary Manager" in mails("move_to_allow_to_manager", cast.deputy)[0].text
    assert WaitingItem.objects.awaiting(cast.deputy).filter(kind=WaitingKind.ALLOW_MOVE).exists()


@pytest.mark.parametrize("who", ["manager", "deputy"])
def test_manager_or_deputy_allows_it(cast: Cast, who: str) -> None:
    placement = with_manager(cast)
    assert "Agree to these days" in page_of(cast.people()[who], placement)
    done = perform(placement, "allow_move", actor=cast.people()[who])
    assert (dates(done), waits_for(done)) == ([hours(OUTSIDE)], {})
    entry = HistoryEntry.objects.about(done).get(action="allow_move")
    assert entry.on_behalf_of == (cast.manager if who == "deputy" else None)
    assert mails("visit_moved_to_shadow", cast.shadow)
    assert mails("visit_moved_to_host", cast.host)


def test_page_addresses_person_asked_as_you(cast: Cast) -> None:
    placement = several_dates(cast, 14)
    suggested(cast, placement, OUTSIDE)
    assert "Until you agree, the visit stands" in page_of(cast.host, placement)
    assert "Until the other side agrees, the visit stands" in page_of(cast.shadow, placement)
    perform(placement, "accept_move", actor=cast.host)
    assert "You are asked, because these dates" in page_of(cast.manager, placement)
    assert "The line manager is asked, because these dates" in page_of(cast.host, placement)


def test_move_disallowed_by_manager_is_mailed_to_both_sides(cast: Cast) -> None:
    placement = with_manager(cast)
    perform(placement, "disallow_move", actor=cast.manager, words="Term starts then.")
    assert dates(placement) == [hours(14)]
    assert DateChange.objects.get().outcome == MoveOutcome.REFUSED
    for template in ("move_refused_to_shadow", "move_refused_to_host"):
        assert "Term starts then." in mails(template)[0].text


def test_move_taken_back_is_mailed_to_manager(cast: Cast) -> None:
    placement = with_manager(cast)
    perform(placement, "take_back_move", actor=cast.shadow)
    assert {mail.recipient for mail in mails("move_taken_back_to_manager")} == {cast.manager}
    with pytest.raises(TransitionError, match="no longer suggested"):
        perform(placement, "allow_move", actor=cast.manager)


@pytest.mark.parametrize("who", ["shadow", "host", "host_manager", "coordinator", "stranger"])
def test_nobody_else_allows_it(cast: Cast, who: str) -> None:
    placement = with_manager(cast)
    with pytest.raises(PermissionDenied):
        perform(placement, "allow_move", actor=cast.people()[who])


def test_sides_do_not_answer_twice(cast: Cast) -> None:
    placement = with_manager(cast)
    with pytest.raises(TransitionError, match="agreed already; the line manager is asked"):
        perform(placement, "accept_move", actor=cast.host)


def test_manager_is_not_asked_before_the_other_side_agrees(cast: Cast) -> None:
    placement = several_dates(cast, 14)
    suggested(cast, placement, OUTSIDE)
    with pytest.raises(PermissionDenied):  # nobody has asked them
        perform(placement, "allow_move", actor=cast.manager)


def test_new_line_manager_is_asked_and_sees_the_visit(cast: Cast) -> None:
    newcomer = member(cast.library, first_name="Nina", last_name="Newcomer")
    placement = several_dates(cast, 14)
    cast.shadow.line_manager = newcomer
    cast.shadow.save()
    suggested(cast, placement, OUTSIDE)
    perform(placement, "accept_move", actor=cast.host)
    assert waits_for(placement) == {WaitingKind.ALLOW_MOVE: "Nina"}
    assert get(newcomer, placement.get_absolute_url()).status_code == 200
    assert dates(perform(placement, "allow_move", actor=newcomer)) == [hours(OUTSIDE)]


def test_who_is_no_longer_the_manager_allows_nothing(cast: Cast) -> None:
    """Not from the moment on which somebody else is; and it waits for them with the next run."""
    placement = with_manager(cast)
    newcomer = member(cast.library, first_name="Nina", last_name="Newcomer")
    cast.shadow.line_manager = newcomer
    cast.shadow.save()
    for person in (cast.manager, cast.deputy):
        with pytest.raises(PermissionDenied):
            perform(placement, "allow_move", actor=person)
    run_due()
    run_due()
    assert waits_for(placement) == {WaitingKind.ALLOW_MOVE: "Nina"}
    assert len(mails("move_to_allow_to_manager", newcomer)) == 1
    assert dates(perform(placement, "allow_move", actor=newcomer)) == [hours(OUTSIDE)]


def test_who_comes_next_is_asked_when_the_manager_leaves(cast: Cast) -> None:
    placement = with_manager(cast)
    newcomer = member(cast.library, first_name="Nina", last_name="Newcomer")
    cast.shadow.line_manager = newcomer
    cast.shadow.save()
    cast.manager.is_active = False
    cast.manager.save()
    run_due()
    assert waits_for(placement) == {WaitingKind.ALLOW_MOVE: "Nina"}
    assert mails("move_to_allow_to_manager", newcomer)


def test_co_host_is_asked_when_the_host_leaves(cast: Cast) -> None:
    placement, co_host = several_dates(cast, 14), member(cast.it, first_name="Colin")
    take_on(placement.request.offer, co_host)
    suggested(cast, placement)
    cast.host.is_active = False
    cast.host.save()
    run_due()
    run_due()
    assert waits_for(placement) == {WaitingKind.ANSWER_MOVE: "Colin"}


def test_manager_is_reminded(cast: Cast, clock: time_machine.Traveller) -> None:
    with_manager(cast)
    clock.move_to(on(4), tick=False)
    run_due()
    assert len(mails("move_to_allow_to_manager", cast.manager)) == 2
