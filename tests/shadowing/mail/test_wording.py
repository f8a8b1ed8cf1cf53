"""A scheme's own paragraphs in mails: checked when saved, and inserted as plain text."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.workflow import perform
from messaging.models import Message
from shadowing.mail import mail_context
from shadowing.mail.wording import EXAMPLES, RECIPIENTS, fill_placeholders, mails_by_recipient
from shadowing.models import MailWording, Offer, Scheme
from shadowing.models.wording import NAMES, OFFER_NAMES
from tests.cast import Cast
from tests.factories import OfferFactory, SchemeFactory, SessionFactory, at

ASKED = "request_submitted_to_manager"


def refusal(words: str, template: str = ASKED) -> str:
    """Return the error message for ``words``, or "" if they may be saved."""
    wording = MailWording(scheme=Scheme(name="Trial"), template=template, words=words)
    try:
        wording.full_clean(exclude=["scheme"])
    except ValidationError as error:
        return " ".join(error.message_dict["words"])
    return ""


def say(cast: Cast, words: str, template: str = ASKED) -> None:
    wording = MailWording(scheme=cast.scheme, template=template, words=words)
    wording.full_clean()
    wording.save()


def mail(template: str = ASKED) -> Message:
    found = Message.objects.filter(template=template).order_by("-to_email").first()  # manager before deputy
    assert found is not None
    return found


# --- what may be saved ------------------------------------------------------------------------------------

ALLOWED = "Placeholders are {shadow}, {origin}, {host}, {department}, {offer}, {due}, {scheme}."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("{shadow.password}", "“{shadow.password}” is no placeholder of this mail."),
        ("{shadow[0]}", "“{shadow[0]}” is no placeholder of this mail."),
        ("{0}", "“{0}” is no placeholder of this mail."),
        ("{}", "“{}” is no placeholder of this mail."),
        ("{shadow!r}", "“{shadow!r}” is no placeholder of this mail."),
        ("{shadow:>99999999}", "“{shadow:>99999999}” is no placeholder of this mail."),
        ("{shadow:{host}}", "“{shadow:{host}}” is no placeholder of this mail."),
        ("{Shadow}", "“{Shadow}” is no placeholder of this mail."),
        ("{ shadow }", "“{ shadow }” is no placeholder of this mail."),
        ("{__class__}", "“{__class__}” is no placeholder of this mail."),
        ("{% load x %}", "“{% load x %}” is no placeholder of this mail."),
        ("{", "A brace stands alone."),
        ("}", "A brace stands alone."),
        ("Dear {shadow", "A brace stands alone."),
        ("{{ shadow }}", "Write one brace on each side, not two."),
        ("{{", "Write one brace on each side, not two."),
        ("}}", "Write one brace on each side, not two."),
    ],
)
def test_broken_placeholder_is_refused_with_what_is_wrong_and_what_is_allowed(words: str, what: str) -> None:
    assert refusal(words) == f"{what} {ALLOWED}"


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["100 % of %s", "<script>alert(1)</script>", "$shadow", "Tea — ☕", "a\nb"])
def test_text_without_placeholders_is_unchanged(words: str) -> None:
    assert refusal(words) == ""


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_every_placeholder_is_allowed_in_request_mails(name: str) -> None:
    assert refusal(f"Dear {{{name}}},") == ""


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_offer_mails_have_no_visitor_placeholders(name: str) -> None:
    assert (refusal(f"{{{name}}}", "offer_opened_to_host") == "") is (name in OFFER_NAMES)


@pytest.mark.django_db
def test_scheme_has_one_paragraph_per_mail(cast: Cast) -> None:
    say(cast, "Hello.")
    with pytest.raises(ValidationError, match="This mail has a paragraph already"):
        say(cast, "Hello again.")


# --- what becomes of it -----------------------------------------------------------------------------------


def test_paragraph_comes_first_in_its_mail(cast: Cast) -> None:
    say(cast, "{shadow} of {origin} would like to visit {host} in {department}.\n\nPlease answer by {due}.")
    cast.submitted()
    text = mail().text
    said = "Sam Shadow of Library Services would like to visit Hana Host in IT Services."
    assert text.index("Hello Mary,") < text.index(said) < text.index("Please answer by ")
    assert "{" not in text
    assert "would like to visit Hana Host in IT Services.<br><br>Please answer by" in mail().html
    assert "would like" not in mail("request_submitted_to_shadow").text


def test_hostile_words_and_names_stay_text(cast: Cast) -> None:
    Offer.objects.filter(pk=cast.offer.pk).update(title="{shadow.password} <b>&\r\nX: 1 %s")
    say(cast, "<script>alert('{offer}')</script> 100 %")
    cast.submitted()
    assert "<script>alert('{shadow.password} <b>& X: 1 %s')</script> 100 %" in mail().text
    assert "<script" not in mail().html
    assert "&lt;script&gt;alert('{shadow.password} &lt;b&gt;&amp; X: 1 %s')&lt;/script&gt;" in mail().html


def test_paragraph_is_used_by_its_scheme_only(cast: Cast) -> None:
    other = SchemeFactory.create(name="Another", branch=cast.estates)
    MailWording.objects.create(scheme=other, template=ASKED, words="From elsewhere")
    cast.submitted()
    assert "From elsewhere" not in mail().text


def test_mail_about_an_offer_has_its_paragraph(cast: Cast) -> None:
    say(cast, "{host} offers “{offer}” in {department}; {due}; {scheme}.", "offer_submitted_to_coordinator")
    cast.scheme.offers_checked = True
    cast.scheme.save()
    offer = OfferFactory.create(
        scheme=cast.scheme, department=cast.it, host=cast.host, status="draft", title="Nights"
    )
    SessionFactory.create(offer=offer, starts_at=at(60), ends_at=at(60, 12))
    perform(offer, "publish", actor=cast.host)
    assert "Hana Host offers “Nights” in IT Services; " in mail("offer_submitted_to_coordinator").text
    assert "; Job shadowing." in mail("offer_submitted_to_coordinator").text


def test_paragraph_without_a_due_day_says_so(cast: Cast) -> None:
    say(cast, "Answer: {due}.", "request_submitted_to_shadow")
    cast.submitted()
    assert "Answer: no fixed day." in mail("request_submitted_to_shadow").text


def test_mail_about_a_visit_has_its_paragraph(cast: Cast) -> None:
    say(cast, "Bring your staff card, {shadow}.", "placement_agreed_to_shadow")
    cast.agreed()
    assert "Bring your staff card, Sam Shadow." in mail("placement_agreed_to_shadow").text


def test_paragraphs_are_loaded_once_for_many_mails(cast: Cast) -> None:
    for template in (ASKED, "request_submitted_to_shadow"):
        say(cast, "{shadow}", template)
    with CaptureQueriesContext(connection) as found:
        cast.submitted()
    assert sum("shadowing_mailwording" in query["sql"] for query in found.captured_queries) == 1


def test_invalid_stored_paragraph_is_not_sent(cast: Cast) -> None:
    MailWording.objects.create(scheme=cast.scheme, template=ASKED, words="{shadow.password}")
    with pytest.raises(ValidationError):
        cast.submitted()
    assert not Message.objects.exists()


# --- what can be chosen -----------------------------------------------------------------------------------


def test_every_mail_of_the_scheme_can_be_chosen() -> None:
    chosen = {template for group in mails_by_recipient().values() for template, _ in group}
    assert {ASKED, "offer_opened_to_host", "placement_agreed_to_shadow"} <= chosen
    assert set(mail_context.WHY) - {"person"} == set(
        RECIPIENTS
    )  # what was noted for somebody says that alone
    assert not any(template.startswith("digest") for template in chosen)


def test_mails_have_readable_names() -> None:
    assert (ASKED, "Request submitted") in mails_by_recipient()["To the line manager"]


def test_preview_fills_every_name() -> None:
    assert fill_placeholders(ASKED, "".join(f"{{{name}}}" for name in NAMES), EXAMPLES).startswith(
        "Sam Shadow"
    )
    assert set(EXAMPLES) == set(NAMES)
