"""Queue mail without using the site: ``--mails N`` dummy mails, ``--to`` the addresses given."""

from __future__ import annotations

import argparse
import uuid
from collections.abc import Sequence

from django.utils import timezone

from accounts.models import Person
from accounts.workflow import perform
from departments.models import Membership
from messaging.models import Message
from messaging.outbox import new_message_id
from shadowing.models import Request, Session


def owe_mails(number: int, *, recipients: Sequence[str] = ()) -> None:
    """Queue ``number`` mails, due now, to the addresses given and then to the shadows in turn."""
    people = list(Person.objects.filter(email__startswith="shadow").order_by("pk"))
    Message.objects.bulk_create(
        Message(
            key=f"drill:{uuid.uuid4()}",
            template="drill",
            recipient=people[count % len(people)],
            to_email=recipients[count] if count < len(recipients) else people[count % len(people)].email,
            subject=f"IT Services visit: mail {count}",
            text="Hello,\n\nthis mail is owed.\n",
            html="<p>Hello,</p><p>this mail is owed.</p>",
            message_id=new_message_id(),
        )
        for count in range(number)
    )


def send_requests(number: int) -> None:
    """Submit a request for each of ``number`` shadows who have not asked yet."""
    session = Session.objects.select_related("offer").earliest("pk")
    day = timezone.localdate(session.starts_at)
    people = Person.objects.filter(email__startswith="shadow", requests=None).order_by("pk")
    for person in people[:number]:
        draft = Request.objects.create(
            shadow=person,
            origin=Membership.objects.get(person=person).department,
            offer=session.offer,
            session=session,
            objectives=["Understand how a service desk sorts its calls."],
            window_starts=day,
            window_ends=day,
            half_days=1,
            agreement_accepted_at=timezone.now(),
        )
        perform(draft, "submit", actor=person)


def main() -> None:
    """Queue the mails that the arguments ask for."""
    parser = argparse.ArgumentParser(prog="tools.drills.queue_mail", description=__doc__)
    parser.add_argument("--mails", type=int, default=0)
    parser.add_argument("--to", nargs="*", default=[])
    chosen = parser.parse_args()
    owe_mails(chosen.mails, recipients=chosen.to)


if __name__ == "__main__":
    main()
