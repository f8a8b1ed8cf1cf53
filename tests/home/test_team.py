"""The manager's team page: who is listed, what it says of each person, and its cost."""

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
from accounts.models import Delegation, Person
from accounts.workflow import perform
from appraisals.enums import ExemptReason
from appraisals.models import Appraisal
from home.context import at_a_glance
from home.pages.team import Row, TeamPage, team_page
from shadowing.enums import PlacementStatus
from shadowing.models import Placement, Scheme, Visit
from shadowing.rules.rules import half_days_used
from tests.appraisals.years import open_appraisal, released, talked
from tests.cast import Cast, member
from tests.factories import (
    AppraisalFactory,
    DelegationFactory,
    OfferFactory,
    RequestFactory,
    SessionFactory,
    at,
)
from tests.home.test_context import asked_by
from tests.shadowing.requesting import get, signed_in, text

URL = "/team/"


def rows(page: TeamPage) -> dict[str, Row]:
    """Everybody on the page by name."""
    return {row.name: row for group in page.groups for row in group.rows}


def row_of(cast: Cast, person: Person | None = None) -> Row:
    """The shadow as their manager's page shows them."""
    return rows(team_page(person or cast.manager, {}))[cast.shadow.full_name]


def visit(
    cast: Cast, shadow: Person, host: Person, status: PlacementStatus, days: int, **given: object
) -> None:
    """A placement in a state, on one date."""
    offer = OfferFactory.create(scheme=cast.scheme, department=cast.it, host=host)
    session = SessionFactory.create(offer=offer, starts_at=at(days))
    request = RequestFactory.create(shadow=shadow, session=session)
    stands = status not in (PlacementStatus.CANCELLED, PlacementStatus.NO_SHOW)
    placement = Placement.objects.create(
        **{
            "request": request,
            "shadow": shadow,
            "host": host,
            "origin": request.origin,
            "destination": cast.it,
            "half_days": 1,
            "status": status,
            "took_place": False if status == PlacementStatus.NO_SHOW else None,
            "cancelled_by": shadow if status == PlacementStatus.CANCELLED else None,
            **given,
        }
    )
    Visit.objects.create(
        placement=placement,
        shadow=shadow,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        stands=stands,
        took_place=placement.took_place,
    )


def test_manager_sees_their_reports_only(cast: Cast) -> None:
    member(cast.library, line_manager=cast.manager, first_name="Gone", is_active=False)
    page = text(get(cast.manager, URL))
    assert "Sam Shadow" in page
    assert "Gone" not in page
    assert "Hana Host" not in page
    assert "The team of" not in page


def test_deputy_sees_managers_team_with_explanation(cast: Cast) -> None:
    Delegation.objects.update(ends_on=timezone.localdate() + dt.timedelta(days=5))
    report = member(cast.library, line_manager=cast.deputy, first_name="Own")
    page = text(get(cast.deputy, URL))
    assert page.index("Your reports") < page.index("Own") < page.index("The team of Mary Manager")
    assert page.index("The team of Mary Manager") < page.index("Sam Shadow")
    until = day(timezone.localdate() + dt.timedelta(days=5))
    assert f"You act for Mary Manager as the deputy until {until}." in page
    assert report.full_name in page


def test_deputy_whose_days_are_over_sees_nobody(cast: Cast) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Delegation.objects.update(starts_on=yesterday, ends_on=yesterday)
    assert "Nobody reports to you" in text(get(cast.deputy, URL))


def test_deputy_who_is_a_report_does_not_see_themselves(cast: Cast) -> None:
    cast.deputy.line_manager = cast.manager
    cast.deputy.save()
    assert set(rows(team_page(cast.deputy, {}))) == {"Sam Shadow"}
    assert set(rows(team_page(cast.manager, {}))) == {"Sam Shadow", "Dev Deputy"}


def test_person_without_line_manager_is_in_team_of_named_appraiser(cast: Cast) -> None:
    open_appraisal(cast, person=cast.stranger, appraiser=cast.host_manager)
    assert "Stan Stranger" in rows(team_page(cast.host_manager, {}))
    cast.stranger.line_manager = cast.manager
    cast.stranger.save()
    assert "Stan Stranger" not in rows(team_page(cast.host_manager, {}))
    assert "Stan Stranger" in rows(team_page(cast.manager, {}))


def test_page_of_somebody_without_a_team_says_so(cast: Cast) -> None:
    page = text(get(cast.stranger, URL))
    assert "Nobody reports to you" in page
    assert "<table" not in page


def test_conversation_is_one_click_away_until_it_was_held(cast: Cast) -> None:
    assert row_of(cast).talked == "No appraisal yet"
    appraisal = open_appraisal(cast)
    row = row_of(cast)
    assert (row.talked, row.to_talk) == ("Not yet", f"{appraisal.get_absolute_url()}#talk")
    assert f'href="{row.to_talk}"' in text(get(cast.manager, URL))
    assert 'id="talk"' in text(get(cast.manager, appraisal.get_absolute_url()))
    talked(appraisal, cast.manager)
    row = row_of(cast)
    assert (row.talked, row.talked_on, row.to_talk) == (
        "Will visit another department",
        timezone.localdate(),
        "",
    )


def test_exempt_person_shows_reason_and_no_conversation(cast: Cast) -> None:
    appraisal = open_appraisal(cast)
    perform(appraisal, "exempt", actor=None, how=How.SYSTEM, reason=ExemptReason.PROBATION)
    page = team_page(cast.manager, {})
    assert row_of(cast).talked == "Exempt: on probation"
    assert (page.number, page.not_talked) == (1, 0)


def test_filter_shows_who_has_not_talked_and_stays_in_the_address(cast: Cast) -> None:
    talked(open_appraisal(cast), cast.manager)
    other = member(cast.library, line_manager=cast.manager, first_name="Quiet")
    AppraisalFactory.create(person=other)
    assert "One of 2 has not talked about shadowing yet." in text(get(cast.manager, URL))
    page = text(get(cast.manager, f"{URL}?show=not-talked"))
    assert "Quiet" in page
    assert "Sam Shadow" not in page
    talked(Appraisal.objects.get(person=other), cast.manager)
    assert "All of them have talked" in text(get(cast.manager, f"{URL}?show=not-talked"))


def test_what_waits_for_the_manager_leads_to_its_place(cast: Cast) -> None:
    appraisal = open_appraisal(cast)
    perform(appraisal, "add_objective", actor=cast.shadow, text="Sort calls faster.")
    released(cast, appraisal)
    perform(talked(appraisal, cast.shadow), "sign_as_person", actor=cast.shadow)
    cast.submitted()
    for person in (cast.manager, cast.deputy):
        assert [(wait.label, wait.url) for wait in row_of(cast, person).waits] == [
            ("Decide on a request", "/approvals/"),
            ("Agree objectives", f"{appraisal.get_absolute_url()}#objectives"),
            ("Read what was learned", f"{appraisal.get_absolute_url()}#evidence"),
            ("Sign", f"{appraisal.get_absolute_url()}#sign"),
        ]


def test_asked_agreed_been_and_hosted_are_counted(cast: Cast) -> None:
    cast.submitted()
    visit(cast, cast.shadow, cast.host, PlacementStatus.COMPLETE, -20)
    visit(cast, cast.shadow, cast.host, PlacementStatus.TO_REFLECT, -10)
    visit(cast, cast.shadow, cast.host, PlacementStatus.AGREED, 20)
    visit(cast, cast.stranger, cast.shadow, PlacementStatus.COMPLETE, -5)
    visit(cast, cast.shadow, cast.host, PlacementStatus.CANCELLED, -3, counts=False)
    row = row_of(cast)
    assert (row.asked, row.year.coming, row.year.been, row.year.hosted) == (1, 1, 2, 1)


def test_visits_of_another_year_are_not_counted(cast: Cast) -> None:
    open_appraisal(cast)
    visit(cast, cast.shadow, cast.host, PlacementStatus.COMPLETE, -120)
    assert row_of(cast).year.been == 0


@pytest.mark.parametrize("counts", [True, False])
@pytest.mark.parametrize("status", PlacementStatus)
def test_half_days_are_those_the_cap_counts(cast: Cast, status: PlacementStatus, counts: bool) -> None:
    open_appraisal(cast)
    for days, half_days in ((-20, 2), (10, 3), (-150, 1)):
        visit(cast, cast.shadow, cast.host, status, days, counts=counts, half_days=half_days)
    assert row_of(cast).year.used == half_days_used(cast.shadow, timezone.localdate())


def test_half_days_of_a_date_that_fell_are_not_counted(cast: Cast) -> None:
    visit(cast, cast.shadow, cast.host, PlacementStatus.AGREED, 10, half_days=3)
    assert row_of(cast).year.used == 3
    Visit.objects.update(stands=False)
    assert row_of(cast).year.used == half_days_used(cast.shadow, timezone.localdate()) == 0


def test_cap_is_that_of_the_nearest_scheme_above(cast: Cast) -> None:
    assert row_of(cast).cap == cast.scheme.cap_half_days == 6
    Scheme.objects.create(name="Library", branch=cast.library, cap_half_days=4)
    Scheme.objects.create(name="Estates", branch=cast.estates, cap_half_days=2)
    assert row_of(cast).cap == 4
    assert "0 of 4" in text(get(cast.manager, URL))


def test_page_without_any_scheme_names_no_cap(cast: Cast) -> None:
    Scheme.objects.update(branch=cast.estates)
    assert row_of(cast).cap is None
    assert "of None" not in text(get(cast.manager, URL))


def furnish(cast: Cast, number: int) -> None:
    """So many more reports, each with something of everything."""
    for _ in range(number):
        person = member(cast.library, line_manager=cast.manager)
        released(cast, AppraisalFactory.create(person=person, appraiser=cast.manager))
        visit(cast, person, member(cast.it), PlacementStatus.COMPLETE, -20)
        request = RequestFactory.create(shadow=person, session=cast.session)
        perform(request, "submit", actor=person)


@pytest.mark.parametrize(("who", "query"), [("manager", ""), ("deputy", "?show=not-talked")])
def test_page_costs_the_same_for_three_and_for_sixty(cast: Cast, who: str, query: str) -> None:
    Scheme.objects.create(name="Library", branch=cast.library)
    client, counts = signed_in(cast.people()[who]), []
    for number in (2, 57):
        furnish(cast, number)
        client.get(URL)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{URL}{query}").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


def test_sixty_reports_are_paged_each_once(cast: Cast) -> None:
    for _ in range(60):
        member(cast.library, line_manager=cast.manager)
    client, url, seen = signed_in(cast.manager), URL, []
    while url:
        page = client.get(url).context["team"]
        seen += list(rows(page).values())
        url = page.next_url
    names = [row.name for row in seen]
    assert len(names) == len(set(names)) == 61
    assert page.first_url == URL


@pytest.mark.parametrize("page", ["0", "-1", "nonsense", "²", "9" * 30])
def test_nonsense_in_the_address_is_no_error(cast: Cast, page: str) -> None:
    assert signed_in(cast.manager).get(f"{URL}?page={page}&show=%00").status_code == 200


def test_page_needs_a_session_and_only_opens(cast: Cast) -> None:
    assert Client().get(URL).status_code == 302
    assert signed_in(cast.manager).post(URL).status_code == 405


def test_navigation_names_the_team_to_those_who_lead_somebody(cast: Cast) -> None:
    open_appraisal(cast, person=cast.stranger, appraiser=cast.coordinator)
    people = cast.people()
    assert {name for name, who in people.items() if at_a_glance(asked_by(who))["leads"]()} == {
        "manager",
        "deputy",
        "host_manager",
        "coordinator",
    }
    for who, is_there in (("manager", True), ("shadow", False)):
        page = text(get(people[who], URL))
        assert bool(re.search(r'<a href="/team/"', page)) is is_there
        assert re.search(r'<a href="/appraisals/"', page)


def test_deputy_of_somebody_without_a_team_leads_nobody(cast: Cast) -> None:
    DelegationFactory.create(manager=cast.coordinator, deputy=cast.stranger)
    assert at_a_glance(asked_by(cast.stranger))["leads"]() is False
