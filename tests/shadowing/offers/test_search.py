"""Search of offers: stems, accents, typos, order of relevance, paging, and upkeep of the index."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from departments.models import Department
from shadowing.models import Offer, Session
from shadowing.offers import search
from tests.cast import Cast
from tests.factories import OfferFactory, at
from tests.shadowing.offering import many_offers, open_offer


def found(words: str, after: str = "") -> list[str]:
    """Return the titles that a search for ``words`` finds, in order."""
    return [offer.title for offer in search.best(Offer.objects.listed(), words, after).offers]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Cataloguing rare books", "catalogue"),
        ("Catalogue of rare books", "cataloguing"),
        ("A night with security", "NIGHTS"),
        ("Café accounts", "cafe"),
        ("Cafe accounts", "Café"),
        ("Exam board week", "board exams"),
        ("The naïve question", "naive questions"),
    ],
)
def test_search_finds_stems_in_any_case_order_and_accent(cast: Cast, title: str, words: str) -> None:
    open_offer(cast, title=title)
    assert found(words) == [title]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Cataloguing rare books", "catalouging"),
        ("A week in the library", "libary"),
        ("How we receive deliveries", "recieve"),
        ("Exam board week", "exma"),
        ("Exam board week", "exam borad"),
        ("Chaplaincy café", "chaplancy"),
    ],
)
def test_search_forgives_typing_mistakes_in_titles(cast: Cast, title: str, words: str) -> None:
    open_offer(cast, title=title)
    result = search.best(Offer.objects.listed(), words)
    assert [offer.title for offer in result.offers] == [title]
    assert (result.total, result.near) == (0, 1)


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Shadow the events co-ordinator", "coordinator"),
        ("Shadow the events coordinator", "co-ordinator"),
        ("Shadow the events coordinators", "Co-Ordinator"),
        ("Answering e-mail", "email"),
        ("Answering email", "e-mail"),
        ("How sign-in works", "sign in"),
        ("How sign in works", "sign-in"),
        ("A first aid course", "first-aid"),
        ("A first-aid course", "first aid"),
        ("The pre-award team", "preaward"),
    ],
)
def test_search_finds_words_with_and_without_their_hyphen(cast: Cast, title: str, words: str) -> None:
    open_offer(cast, title=title)
    result = search.best(Offer.objects.listed(), words)
    assert ([offer.title for offer in result.offers], result.near) == ([title], 0)


def test_search_forgives_typing_mistakes_in_topics_and_department(cast: Cast) -> None:
    open_offer(cast, title="One", topics=["complaints"])
    assert found("complainst") == ["One"]
    cast.it.name = "Estates and Grounds"
    cast.it.save()
    assert "One" in found("grouds")


def test_search_wants_every_word_of_a_misspelt_search(cast: Cast) -> None:
    open_offer(cast, title="Library shelves")
    open_offer(cast, title="Library fines")
    assert found("libary fines") == ["Library fines"]


@pytest.mark.parametrize("words", ["plumbing", "xyzzy", "the", "??!", "'", '"', "-", "& | ! ( :*"])
def test_search_finds_nothing_where_nothing_is_alike(cast: Cast, words: str) -> None:
    open_offer(cast, title="Planning the year")
    assert found(words) == []


def test_search_leaves_out_what_comes_close_when_enough_fits(cast: Cast) -> None:
    for number in range(search.FEW):
        open_offer(cast, title=f"Archive {number}")
    open_offer(cast, title="Archiev")
    assert "Archiev" not in found("archive")


def test_search_shows_what_fits_before_what_comes_close(cast: Cast) -> None:
    open_offer(cast, title="Archiving letters")
    open_offer(cast, title="An achive")
    result = search.best(Offer.objects.listed(), "archive")
    assert [offer.title for offer in result.offers] == ["Archiving letters", "An achive"]
    assert (result.total, result.near) == (1, 1)


def test_search_ranks_title_over_topic_over_text(cast: Cast) -> None:
    open_offer(cast, title="In the text", will_see="We talk about budgets.")
    open_offer(cast, title="A budget morning")
    open_offer(cast, title="In the topics", topics=["budgets"])
    assert found("budget") == ["A budget morning", "In the topics", "In the text"]


def test_search_ranks_newest_first_among_equals(cast: Cast) -> None:
    now = timezone.now()
    for title, age in (("Budgets old", 3), ("Budgets new", 1), ("Budgets middle", 2)):
        open_offer(cast, title=title, opened_at=now - dt.timedelta(days=age))
    assert found("budgets") == ["Budgets new", "Budgets middle", "Budgets old"]


def test_search_looks_in_what_is_seen_learned_topics_and_department(cast: Cast) -> None:
    open_offer(cast, title="One", will_see="Pumps.", will_learn="Valves.", topics=["boilers"])
    assert all(found(words) == ["One"] for words in ("pump", "valve", "boiler"))
    assert "One" in found("IT Services")


def test_search_goes_on_page_by_page_and_shows_each_once(cast: Cast) -> None:
    many_offers(cast, 45)
    result, seen = search.best(Offer.objects.listed(), "help"), []
    while True:
        seen += [offer.pk for offer in result.offers]
        if not result.following:
            break
        result = search.best(Offer.objects.listed(), "help", result.following)
    assert (len(seen), len(set(seen))) == (45, 45)


def test_search_ranks_a_bounded_number(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    many_offers(cast, 12)
    monkeypatch.setattr(search, "RANKED", 10)
    assert search.best(Offer.objects.listed(), "help").total == 10


def test_newest_goes_on_page_by_page_and_shows_each_once(cast: Cast) -> None:
    many_offers(cast, 45)
    Offer.objects.update(opened_at=timezone.now())  # the id decides among equals
    listed = Offer.objects.listed()
    result = search.newest(listed)
    assert result.total == 46
    seen = [offer.pk for offer in result.offers]
    while result.following:
        result = search.newest(listed, result.following)
        assert result.total is None
        seen += [offer.pk for offer in result.offers]
    assert (len(seen), len(set(seen))) == (46, 46)


@pytest.mark.parametrize(
    "after", ["", "x", "1", "-1", "9" * 40, "1.000000_zz", f"1.000000_{'0' * 31}", "\x00", "é"]
)
def test_paging_restarts_from_an_invalid_position(cast: Cast, after: str) -> None:
    assert search.newest(Offer.objects.listed(), after).offers == [cast.offer]
    assert len(search.best(Offer.objects.listed(), "desk", "x" + after).offers) == 1


def test_count_stops_at_its_bound(cast: Cast) -> None:
    many_offers(cast, 12)
    assert search.newest(Offer.objects.listed(), count_to=10).total == 11


def test_bulk_insert_is_searchable_at_once(cast: Cast) -> None:
    many_offers(cast, 3)
    assert len(found("help desk")) == 3
    assert len(found("mornign")) == 4


def test_renamed_department_is_searchable_at_once(cast: Cast) -> None:
    Department.objects.filter(pk=cast.it.pk).update(name="Digital Zoology")
    assert found("zoology") == [cast.offer.title]
    assert found("zoologgy") == [cast.offer.title]
    assert found("IT") == []


def test_changed_words_are_searchable_at_once(cast: Cast) -> None:
    Offer.objects.filter(pk=cast.offer.pk).update(title="Beekeeping")
    assert (found("morning"), found("beekeeping")) == ([], ["Beekeeping"])


def test_first_and_last_moment_follow_the_sessions(cast: Cast) -> None:
    later = Session.objects.create(offer=cast.offer, starts_at=at(50), ends_at=at(50, 12))

    def moments() -> tuple[dt.datetime | None, dt.datetime | None]:
        fresh = Offer.objects.get(pk=cast.offer.pk)
        return fresh.first_at, fresh.last_at

    assert moments() == (cast.session.starts_at, later.starts_at)
    Session.objects.filter(pk=later.pk).update(starts_at=at(60), ends_at=at(60, 12))
    assert moments() == (cast.session.starts_at, at(60))
    Session.objects.filter(pk=cast.session.pk).update(cancelled=True)
    assert moments() == (at(60), at(60))
    later.delete()
    assert moments() == (None, None)


def test_saving_a_stale_offer_keeps_the_search_index(cast: Cast) -> None:
    stale = Offer.objects.get(pk=cast.offer.pk)
    stale.first_at, stale.last_at, stale.search, stale.key_words = None, None, "'nonsense':1", "nonsense"
    stale.save()
    assert Offer.objects.get(pk=stale.pk).last_at == cast.session.starts_at
    assert found("nonsense") == []


def test_taken_place_does_not_touch_the_offer(cast: Cast) -> None:
    """A place is taken under the session's lock; the offer's row must stay free for others."""
    before = Offer.objects.extra(select={"mark": "xmin::text"}).get(pk=cast.offer.pk)
    Session.objects.filter(pk=cast.session.pk).update(taken=1)
    after = Offer.objects.extra(select={"mark": "xmin::text"}).get(pk=cast.offer.pk)
    assert getattr(before, "mark") == getattr(after, "mark")  # noqa: B009  # a column of the query, not of the model


@pytest.mark.parametrize(
    "spoil",
    [
        {"status": "paused"},
        {"status": "closed"},
        {"status": "draft", "opened_at": None},
        {"deadline": timezone.localdate() - dt.timedelta(days=1)},
    ],
)
def test_listed_leaves_out_what_nobody_can_ask_for(cast: Cast, spoil: dict[str, object]) -> None:
    OfferFactory.create(scheme=cast.scheme, department=cast.it, host=cast.host, title="Without a session")
    assert list(Offer.objects.listed()) == [cast.offer]
    Offer.objects.filter(pk=cast.offer.pk).update(**spoil)
    assert not Offer.objects.listed().exists()


def test_listed_leaves_out_closed_departments_and_sessions_begun(cast: Cast) -> None:
    Department.objects.filter(pk=cast.it.pk).update(is_open=False)
    assert not Offer.objects.listed().exists()
    Department.objects.filter(pk=cast.it.pk).update(is_open=True)
    now = timezone.now()
    Session.objects.filter(pk=cast.session.pk).update(starts_at=now - dt.timedelta(minutes=1))
    assert not Offer.objects.listed().exists()
    Session.objects.filter(pk=cast.session.pk).update(by_arrangement=True)
    assert list(Offer.objects.listed()) == [cast.offer]


def test_deadline_counts_as_a_day_to_apply(cast: Cast) -> None:
    Offer.objects.filter(pk=cast.offer.pk).update(deadline=timezone.localdate())
    assert list(Offer.objects.listed()) == [cast.offer]


def test_department_named_by_a_stop_word_is_found(cast: Cast) -> None:
    """“it” counts as a stop word, and IT Services is a department all the same."""
    titles = {offer.title for offer in Offer.objects.filter(department__in=[cast.it])}
    assert titles
    assert set(found("IT")) == titles
    assert found("the") == []
