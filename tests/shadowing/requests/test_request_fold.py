"""The form for a place shows what is needed; the rest is folded, filled in, and opens for an error."""

from __future__ import annotations

import pytest

from shadowing.models import Request
from tests.cast import Cast
from tests.factories import AppraisalFactory, ObjectiveFactory, SessionFactory, at
from tests.shadowing.requesting import ask_url, filled, get, post, text

OPEN = '<details class="more question" id="more" open>'


def test_date_asked_for_is_chosen_and_the_others_are_folded(cast: Cast) -> None:
    other = SessionFactory.create(offer=cast.offer, starts_at=at(40))
    page = text(get(cast.shadow, f"{ask_url(cast.offer)}?session={other.pk}"))
    chosen, rest = page.split("Another date", 1)
    assert f'value="{other.pk}"' in chosen
    assert "checked" in chosen.split(f'value="{other.pk}"')[1][:200]
    assert f'value="{cast.session.pk}"' in rest
    assert "Another date" not in text(get(cast.shadow, f"{ask_url(cast.offer)}?session=nonsense"))


def test_offer_page_has_a_link_for_each_date(cast: Cast) -> None:
    other = SessionFactory.create(offer=cast.offer, starts_at=at(40))
    page = text(get(cast.shadow, cast.offer.get_absolute_url()))
    for session in (cast.session, other):
        assert f"{ask_url(cast.offer)}?session={session.pk}" in page
    assert "?session=" not in text(get(cast.host, cast.offer.get_absolute_url()))


@pytest.mark.parametrize(
    ("field", "wrong"), [("objective_2", "x" * 301), ("want_to_see", "x" * 2001), ("dates_note", "x" * 301)]
)
def test_error_inside_the_fold_opens_it(cast: Cast, field: str, wrong: str) -> None:
    page = text(get(cast.shadow, ask_url(cast.offer)))
    assert 'id="more"' in page.replace("  ", " ")
    assert OPEN not in page
    assert OPEN in text(post(cast.shadow, ask_url(cast.offer), **filled(cast.session, **{field: wrong})))


def test_likely_answers_are_filled_in_and_can_be_changed(cast: Cast) -> None:
    only = ObjectiveFactory.create(appraisal=AppraisalFactory.create(person=cast.shadow), text="Only one.")
    page = text(get(cast.shadow, ask_url(cast.offer)))
    assert 'value="Only one."' in page
    assert "checked" in page.split(f'value="{only.pk}"')[1][:200]
    post(cast.shadow, ask_url(cast.offer), **filled(cast.session, dates_note="Never on Mondays", serves=""))
    Request.objects.update(status="withdrawn")
    page = text(get(cast.shadow, ask_url(cast.offer)))
    assert "Never on Mondays" in page
    assert "filled in some of it" in page


def test_nobody_elses_answers_are_filled_in(cast: Cast) -> None:
    post(cast.shadow, ask_url(cast.offer), **filled(cast.session, dates_note="Never on Mondays"))
    assert "Never on Mondays" not in text(get(cast.stranger, ask_url(cast.offer)))
