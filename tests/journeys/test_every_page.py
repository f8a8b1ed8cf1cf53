"""Every page, for everybody who uses it, on phone and desktop, in light and dark: axe finds nothing."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import signing
from django.urls import reverse
from playwright.sync_api import Browser, Page

from accounts import audit
from accounts.enums import AuditKind
from accounts.models import Person, WaitingItem
from accounts.workflow import perform
from appraisals.models import Appraisal
from appraisals.workflow import opening
from messaging.preferences import token_of
from shadowing.models import Request
from tests.appraisals.years import open_appraisal, released, signed_off, talked
from tests.cast import Cast, member
from tests.departments.importing import furnished
from tests.factories import ObjectiveFactory, OfferFactory, PersonFactory, SessionFactory, at
from tests.journeys.offices import tell_people
from tests.journeys.walking import Walker, walking
from tests.shadowing.reflecting import sent, visited, words
from tests.shadowing.stuck import lost, overdue
from tests.shadowing.visits import begin_now, suggested

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE, DESKTOP, NARROW = 360, 1280, 320
GROUPS = 4
CONTRAST = {"runOnly": ["color-contrast"]}
AGAIN = "options => axe.run(document, options).then(found => found.violations.map(each => each.id))"
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SMALL = """[...document.querySelectorAll('main a.btn, main button, main summary, main select')]
    .filter(e => e.offsetParent && !e.classList.contains('visually-hidden'))
    .filter(e => e.getBoundingClientRect().height < 44).map(e => e.innerText)"""


def furnish(cast: Cast) -> dict[str, Request]:
    """One request in each state that has a look of its own."""
    cast.scheme.live_requests = 10
    cast.scheme.save()
    audit.note(AuditKind.ACTED, "Called off a visit.", actor=cast.coordinator, person=cast.shadow)
    appraisals(cast)
    agreed = cast.agreed()
    stages = {"agreed": agreed}
    for day, stage in enumerate(("submitted", "approved", "draft"), start=40):
        offer = OfferFactory.create(scheme=cast.scheme, department=cast.it, host=cast.host)
        stages[stage] = getattr(cast, stage)(session=SessionFactory.create(offer=offer, starts_at=at(day)))
    on_the_day(cast, stages)
    lost(cast.manager, needed_while=overdue(stages["submitted"]))
    waiting = cast.submitted(session=cast.window())
    offer = OfferFactory.create(scheme=cast.scheme, department=cast.it, host=cast.host)
    over = visited(cast, session=SessionFactory.create(offer=offer, starts_at=at(50)))
    sent(over, cast.host, words(over, "fresh_eyes", "Our jargon.", "shared"))
    stages["over"] = over.request
    stages["declined"] = perform(waiting, "decline", actor=cast.manager, reason="cover", words="Not in June.")
    return stages


def on_the_day(cast: Cast, stages: dict[str, Request]) -> None:
    """A visit that is going on, one with other dates suggested, and one that was missed."""
    for day, stage in enumerate(("missed", "today", "moving"), start=50):
        offer = OfferFactory.create(scheme=cast.scheme, department=cast.it, host=cast.host)
        stages[stage] = cast.agreed(session=SessionFactory.create(offer=offer, starts_at=at(day)))
    for stage in ("missed", "today"):
        begin_now(stages[stage].placement)
        if stage == "missed":
            perform(stages[stage].placement, "did_not_happen", actor=cast.host, reason="shadow_absent")
    suggested(cast, stages["moving"].placement)


def appraisals(cast: Cast) -> None:
    """The shadow's of this year with something of everything, one signed off, and one just opened."""
    appraisal = open_appraisal(cast)
    ObjectiveFactory.create(appraisal=appraisal)
    released(cast, appraisal)
    note = released(cast, appraisal)
    perform(talked(appraisal, cast.shadow), "acknowledge", actor=cast.manager, note=note, comment="Good.")
    perform(appraisal, "sign_as_person", actor=cast.shadow)
    signed_off(cast, open_appraisal(cast, person=member(cast.library, line_manager=cast.manager)))
    open_appraisal(cast, person=member(cast.library, line_manager=cast.manager))


def waiting_item(request: Request) -> str:
    """The page of what waits for an answer to a request, on the desk."""
    return reverse("coordination:desk-item", args=[WaitingItem.objects.open().about(request)[0].pk])


def pages(cast: Cast, stages: dict[str, Request]) -> list[tuple[Person, list[str]]]:
    """Who looks at what."""
    request = {name: f"/requests/{stage.pk}/" for name, stage in stages.items()}
    placement = stages["agreed"].placement.get_absolute_url()
    visits = [stages[stage].placement.get_absolute_url() for stage in ("today", "moving", "missed")]
    offer, over = cast.offer.get_absolute_url(), stages["over"].placement.get_absolute_url()
    own, *others = [appraisal.get_absolute_url() for appraisal in Appraisal.objects.order_by("created_at")]
    told = tell_people(cast)
    return [
        (
            cast.shadow,
            [
                *("/", "/offers/", "/offers/?q=desk", "/offers/?q=nothing+at+all", offer, f"{offer}request/"),
                *("/departments/", "/departments/ITS/", "/approvals/", "/requests/", placement),
                *request.values(),
                *(f"{request['draft']}edit/", *visits),
                *(
                    "/profile/",
                    "/profile/looked/",
                    "/accounts/sessions/",
                    "/profile/held/",
                    "/appraisals/",
                    own,
                ),
                *(over, f"{over}reflection/", f"{over}thanks/", f"{over}later/"),
                *told["shadow"],
            ],
        ),
        (
            cast.manager,
            [
                *("/", "/approvals/", "/profile/"),
                *(f"{request['submitted']}decide/", request["declined"], placement),
                *("/team/", "/team/?show=not-talked", "/appraisals/", own, *others, *told["manager"]),
            ],
        ),
        (
            cast.host,
            [
                *("/", "/offers/mine/", "/offers/new/", f"{offer}edit/", request["approved"]),
                *(f"{placement}edit/", f"{placement}move/", *visits),
                *(f"/sessions/{stages['today'].session_id}/attendance/", *told["host"]),
            ],
        ),
        (
            cast.coordinator,
            [
                *("/", request["submitted"], placement, "/coordinate/", "/coordinate/?show=all&tick=page"),
                *("/coordinate/?q=nobody", "/coordinate/not-talked/", waiting_item(stages["submitted"])),
                *cycle_pages(),
                *("/coordinate/notes/", over),
                *acting_for(stages),
                *("/coordinate/place/", placing(cast)),
                *("/coordinate/people/", "/coordinate/people/?q=s", "/coordinate/people/?q=nobody"),
                *("/coordinate/offers/", *told["coordinator"]),
                *("/coordinate/mail/", f"/coordinate/requests/{stages['submitted'].pk}/ask-other/"),
            ],
        ),
        (
            cast.dept_coordinator,
            ["/coordinate/", "/coordinate/?kind=check_offer", *told["dept_coordinator"]],
        ),
        (
            cast.stranger,
            [
                *("/", "/offers/mine/", "/approvals/", "/requests/", "/no-such-page/", "/mailbox/"),
                *(f"/mail/{token_of(cast.stranger)}/", "/mail/forged/", "/appraisals/", "/team/"),
            ],
        ),
        (cast.deputy, ["/profile/", "/team/", own]),
        import_pages(),
    ]


def acting_for(stages: dict[str, Request]) -> list[str]:
    """What a coordinator can note for a manager, a host and a shadow."""
    of_request = f"/coordinate/requests/{stages['submitted'].pk}/for/manager/"
    of_visit = f"/coordinate/visits/{stages['agreed'].placement.pk}/for/shadow/"
    return [of_request, f"{of_request}decline/", of_visit, f"{of_visit}cancel/"]


def import_pages() -> tuple[Person, list[str]]:
    """What an administrator sees of HR files."""
    admin = PersonFactory.create(email="admin@example.ac.uk", is_staff=True, is_superuser=True)
    return admin, furnished(admin)


def placing(cast: Cast) -> str:
    """The page on which somebody is placed with a visit."""
    token = signing.dumps(cast.stranger.pk, salt="shadowing.placing")
    return reverse("coordination:desk-place-offer", args=[cast.offer.pk, token])


def cycle_pages() -> list[str]:
    """The coordinator's pages of appraisal years."""
    appraisal = Appraisal.objects.select_related("cycle").earliest("created_at")
    opening.start(appraisal.cycle, by=Person.objects.get(email="coordinator@example.ac.uk"))
    cycle = f"/coordinate/cycles/{appraisal.cycle.starts_on}/"
    of_cycle = ("", "edit/", "open/", "people/", "people/?q=s", "people/?q=nobody", f"people/{appraisal.pk}/")
    of_all = ("", "new/", "columns/")
    return [*(f"/coordinate/cycles/{page}" for page in of_all), *(f"{cycle}{page}" for page in of_cycle)]


def findings(page: Page, address: str) -> list[str]:
    """What axe, the page's width and its targets have to say, in every look of one page, loaded once.

    A new width is a new page to axe; of a new colour scheme only the contrast is.
    """
    looks(page, PHONE, "light")
    page.goto(address)
    found = [f"phone: {finding['id']}" for finding in Axe().run(page).response["violations"]]
    found += [f"phone: small target {text}" for text in page.evaluate(SMALL)]
    found += wider(page)
    looks(page, PHONE, "dark")
    found += [f"phone, dark: {name}" for name in page.evaluate(AGAIN, CONTRAST)]
    looks(page, DESKTOP, "dark")
    found += [f"desktop, dark: {name}" for name in page.evaluate(AGAIN, {})]
    found += [f"desktop: small target {text}" for text in page.evaluate(SMALL)]
    found += wider(page)
    looks(page, DESKTOP, "light")
    found += [f"desktop: {name}" for name in page.evaluate(AGAIN, CONTRAST)]
    looks(page, NARROW, "light")  # what a 1280 px window is at 400 %
    found += wider(page)
    return [f"{address}: {what}" for what in found]


def looks(page: Page, width: int, scheme: Literal["light", "dark"]) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")


def wider(page: Page) -> list[str]:
    """Whether something needs scrolling sideways."""
    return ["wider than the window"] if page.evaluate(WIDER) else []


@pytest.mark.timeout(900)  # many pages, each in all its looks
@pytest.mark.parametrize("turn", range(GROUPS))
def test_every_page_has_nothing_to_correct(site: str, cast: Cast, browser: Browser, turn: int) -> None:
    """Person by person, in groups that can be looked at side by side."""
    found: list[str] = []
    for person, addresses in pages(cast, furnish(cast))[turn::GROUPS]:
        with walking(browser, site, person, viewport={"width": PHONE, "height": 800}) as walker:
            walker.sign_in()
            found += [line for address in addresses for line in findings(walker.page, address)]
            forgive_missing_page(walker)
    assert found == []


def forgive_missing_page(walker: Walker) -> None:
    """The browser reports the 404 that was asked for."""
    walker.complaints[:] = [line for line in walker.complaints if "404 (Not Found)" not in line]
