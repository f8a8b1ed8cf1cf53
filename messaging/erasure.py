"""Erasure in messaging: all mail to the person, and the text of mail about them."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.db.models.functions import Left

from accounts.models import Person
from accounts.protection.erasure import Part, keys_about, register
from messaging import outbox
from messaging.enums import MessageStatus
from messaging.models import Message

NOWHERE = "erased@invalid"
KEY = 36  # length of the record's key that a mail's key begins with
MAIL = tuple(f"messaging.Message.{name}" for name in (*outbox.ERASED_FIELDS, "to_email"))


def _names(person: Person) -> Q:
    """Return a filter for mail that names the person, also mail about others: its text is erased too."""
    names = Q()
    for word in (person.plain_name, person.email):
        for part in ("subject", "text", "html", "calendar"):
            names |= Q(**{f"{part}__icontains": word})
    return names


def _mail_about(person: Person) -> Q:
    keys = keys_about(person)
    about = Message.objects.alias(about=Left("key", KEY)).filter(about__in=keys)
    return Q(pk__in=about.order_by().values("pk")) | _names(person)


def _to_person(person: Person) -> Q:
    return Q(recipient=person) | Q(to_email__iexact=person.email)


def _forget_mail(person: Person) -> int:
    """Erase mail about the person to others, and all mail to them; unsent mail is dropped."""
    mail = Message.objects.filter(_mail_about(person) | _to_person(person))
    keys = list(mail.order_by().values_list("pk", flat=True))
    Message.objects.filter(_to_person(person)).update(to_email=NOWHERE)
    return outbox.erase_texts(Message.objects.filter(pk__in=keys))


def refuses(person: Person) -> Iterator[str]:
    """Refuse the erasure while a mail to or about the person is being sent."""
    sending = Message.objects.filter(_mail_about(person) | _to_person(person), status=MessageStatus.SENDING)
    if sending.exists():
        yield "A mail to them, or about them, is being sent at the moment. Try again in a few minutes."


register(
    "messaging",
    Part(what="Mail to them and about them", more=_forget_mail, covers=MAIL),
    refuses=refuses,
)
