"""Markup in people's words, seen by a browser that counts what runs: nothing, even where it is trusted."""

from __future__ import annotations

from unittest import mock

import pytest
from django.template.loaders.filesystem import Loader
from playwright.sync_api import Browser

from tests.cast import Cast
from tests.journeys.walking import Walker, walking
from tools.drills.markup import forget_templates

NASTY = (
    "<p class='planted' hx-get='/planted/' hx-trigger='load'>x</p>"
    "<a class='planted' data-hx-post='/planted/' data-hx-trigger='load' href='#'>x</a>"
    "<img class='planted' src='x' onerror='window.ran=1'><svg onload='window.ran=1'></svg>"
    "<script>window.ran=1</script>"
)
COUNT = "document.querySelectorAll('.planted').length"

pytestmark = [pytest.mark.django_db(transaction=True)]


def asked_for(walker: Walker, pages: list[str]) -> tuple[list[str], int, list[object]]:
    """What was asked of the server by planted words, how many elements they became, and what ran."""
    asked: list[str] = []
    walker.page.on(
        "request", lambda request: asked.append(request.url) if "/planted/" in request.url else None
    )
    elements, ran = 0, list[object]()
    for page in pages:
        walker.page.goto(page)
        walker.page.wait_for_load_state("networkidle")
        elements += int(walker.page.evaluate(COUNT))
        ran.append(walker.page.evaluate("window.ran || null"))
    walker.complaints.clear()  # the policy complains of what it stops
    return asked, elements, [each for each in ran if each]


@pytest.fixture
def world(cast: Cast) -> list[str]:
    type(cast.it).objects.filter(pk=cast.it.pk).update(name=NASTY[:160], summary=NASTY)
    type(cast.offer).objects.filter(pk=cast.offer.pk).update(title=NASTY[:62], will_see=NASTY)
    type(cast.host).objects.filter(pk=cast.host.pk).update(first_name=NASTY[:62], job_title=NASTY[:150])
    request = cast.submitted()
    return [
        "/",
        "/offers/",
        f"/offers/{cast.offer.pk}/",
        "/departments/",
        f"/departments/{cast.it.code}/",
        f"/requests/{request.pk}/",
    ]


def test_words_stay_words(browser: Browser, site: str, cast: Cast, world: list[str]) -> None:
    with walking(browser, site, cast.shadow) as walker:
        walker.sign_in()
        assert asked_for(walker, world) == ([], 0, [])


def test_trusted_words_send_nothing_and_run_nothing(
    browser: Browser, site: str, cast: Cast, world: list[str]
) -> None:
    """The second line: were a template to trust them, htmx and the policy would still pass over them."""
    with trusting_templates(), walking(browser, site, cast.shadow) as walker:
        walker.sign_in()
        asked, elements, ran = asked_for(walker, world)
    assert elements
    assert (asked, ran) == ([], [])


def test_without_our_key_the_browser_would_have_asked(
    browser: Browser, site: str, cast: Cast, world: list[str]
) -> None:
    """The control: what is planted does send requests where htmx acts on every element."""
    with trusting_templates(everything_live=True), walking(browser, site, cast.shadow) as walker:
        walker.sign_in()
        asked, elements, _ = asked_for(walker, world)
    assert elements
    assert asked


class trusting_templates:  # noqa: N801  # used like a function
    """Templates whose department summary and offer text are trusted; and htmx as it comes, if wanted."""

    def __init__(self, *, everything_live: bool = False) -> None:
        read = Loader.get_contents

        def get_contents(loader: Loader, origin: object) -> str:
            text = read(loader, origin)  # type: ignore[arg-type]  # as the loader is asked
            text = text.replace("{{ department.name }}", "{{ department.summary|safe }}")
            return text.replace('"disableSelector"', '"unused"') if everything_live else text

        self.patch = mock.patch.object(Loader, "get_contents", get_contents)

    def __enter__(self) -> None:
        self.patch.start()
        forget_templates()

    def __exit__(self, *error: object) -> None:
        self.patch.stop()
        forget_templates()
