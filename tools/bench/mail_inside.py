"""The measurement of ``tools.bench.mail``, run with the product loaded: bare loop and outbox in turn."""

from __future__ import annotations

import smtplib
import sys
import time
import uuid
from collections.abc import Iterable
from email.message import EmailMessage
from email.policy import SMTP
from statistics import median

from django.conf import settings

from accounts.models import Person
from messaging.delivery import deliver_owed
from messaging.models import Message
from messaging.outbox import rendered

GOAL = 2 / 3
TEMPLATE = "offer_opened_to_host"
OFFER = {
    "title": "A morning at the service desk",
    "half_days": 1,
    "will_see": "How calls are sorted. " * 20,
    "department": {"name": "IT Services"},
    "host": {"full_name": "Hana Host"},
}


def main() -> int:
    """Print a line for each sender and the ratio of the medians; return 1 when it is below the goal."""
    mails, rounds = map(int, sys.argv[1:])
    ready_rates, loop_rates, outbox_rates = [], [], []
    for _ in range(rounds):
        queue_mails(mails)
        messages = waiting()
        wire = [written(message).as_bytes(policy=SMTP) for message in messages]
        ready_rates.append(mails / loop(wire))
        loop_rates.append(mails / loop(written(message).as_bytes(policy=SMTP) for message in messages))
        outbox_rates.append(mails / outbox(mails))
    ratio = median(outbox_rates) / median(loop_rates)
    print(f"bare smtplib loop over mails written before    {median(ready_rates):6.0f} mails a second")
    print(f"bare smtplib loop that writes each mail        {median(loop_rates):6.0f} mails a second")
    print(f"one outbox sender (claim, write, send, mark)   {median(outbox_rates):6.0f} mails a second")
    print(f"the outbox to the loop that writes its mails   {ratio:6.2f} (goal: at least {GOAL:.2f})")
    return 0 if ratio >= GOAL else 1


def queue_mails(number: int) -> None:
    """Queue ``number`` mails of usual length, each to another person."""
    Message.objects.all().delete()
    context = {"offer": OFFER, "why": "You get this because it is measured."}
    subject, text, html = rendered(TEMPLATE, context, uuid.uuid4())
    people = [Person(email=f"p{count}@example.ac.uk", first_name="P") for count in range(number)]
    Person.objects.bulk_create(people, ignore_conflicts=True)
    readers = Person.objects.filter(email__in=[person.email for person in people])
    Message.objects.bulk_create(
        Message(
            key=str(uuid.uuid4()),
            template=TEMPLATE,
            recipient=reader,
            to_email=reader.email,
            subject=subject,
            text=text,
            html=html,
            message_id=f"<{uuid.uuid4()}@test>",
        )
        for reader in readers
    )


def waiting() -> list[Message]:
    """Return the queued mails."""
    return list(Message.objects.select_related("recipient"))


def written(message: Message) -> EmailMessage:
    """Return the same mail, written by the standard library."""
    mail = EmailMessage()
    mail["Subject"], mail["To"] = message.subject, message.to_email
    mail["From"], mail["Message-ID"] = settings.DEFAULT_FROM_EMAIL, message.message_id
    mail["Date"] = message.dated
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    return mail


def loop(wire: Iterable[bytes]) -> float:
    """Send mails over one connection and do nothing else; return the seconds it took."""
    started = time.perf_counter()
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT) as line:
        for mail in wire:
            line.sendmail(settings.DEFAULT_FROM_EMAIL, "p@example.ac.uk", mail)
    return time.perf_counter() - started


def outbox(number: int) -> float:
    """Send the same mails from the outbox (claim, compose, send, mark); return the seconds it took."""
    started = time.perf_counter()
    sent = deliver_owed()
    took = time.perf_counter() - started
    if sent != number:
        sys.exit(f"Only {sent} of {number} mails went out.")
    return took


if __name__ == "__main__":
    sys.exit(main())
