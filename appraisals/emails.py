"""What is said by mail about appraisals: one template pair per event and recipient, owed through the outbox.

Templates are ``emails/appraisals/<event>_to_<recipient>.txt`` (first line: the subject) and ``.html``. What
each knows stands in ``appraisals.mail_context``; nothing that people write in an appraisal goes into a mail.
"""

from __future__ import annotations

from typing import Any

from accounts.display_names import disambiguated_names, loaded_records
from accounts.models import Delegation, Person, WaitingItem
from appraisals.mail_context import about_appraisal
from appraisals.models import Appraisal
from appraisals.policies import appraiser_of
from messaging import outbox

FOLDER = "appraisals"


def queue_mail(
    template: str,
    recipient: Person,
    appraisal: Appraisal,
    *,
    item: WaitingItem | None = None,
    occasion: str = "",
    **extra: Any,
) -> None:
    """Owe ``recipient`` a mail about ``appraisal`` as it now stands; with ``item``, only while it is open.

    ``occasion`` tells a reminder from the first mail.
    """
    with disambiguated_names(loaded_records(Person, recipient, appraisal, item, extra)):
        outbox.enqueue(
            event=f"{appraisal.pk}:{appraisal.version}{occasion}",
            template=f"{FOLDER}/{template}",
            recipient=recipient,
            context={**about_appraisal(appraisal, recipient, item), **extra},
            needed_while=item,
        )


def ask(asks_to: str, item: WaitingItem, appraisal: Appraisal, *, occasion: str = "", **extra: Any) -> None:
    """Owe the owner of ``item`` the mail that asks for it; of who appraises, their deputy as well.

    ``asks_to`` is the template's name without its recipient.
    """
    if item.owner_id == appraisal.person_id:
        queue_mail(f"{asks_to}person", appraisal.person, appraisal, item=item, occasion=occasion, **extra)
        return
    for person in [item.owner, *Delegation.objects.deputies_of(item.owner, never=appraisal.person)]:
        queue_mail(f"{asks_to}manager", person, appraisal, item=item, occasion=occasion, **extra)


def tell_other_side(tells_to: str, appraisal: Appraisal, by: Person, **extra: Any) -> None:
    """Owe the side that ``by`` is not on the mail about what they did."""
    leader = appraiser_of(appraisal)
    if by != appraisal.person:
        queue_mail(f"{tells_to}person", appraisal.person, appraisal, by=by, **extra)
    elif leader is not None:
        queue_mail(f"{tells_to}manager", leader, appraisal, by=by, **extra)


def tell_both_sides(tells_to: str, appraisal: Appraisal) -> None:
    """Owe both sides the mail; a deputy who signed, too."""
    queue_mail(f"{tells_to}person", appraisal.person, appraisal)
    leaders = dict.fromkeys([appraiser_of(appraisal), appraisal.appraiser_signed_by])
    for leader in filter(None, leaders):
        queue_mail(f"{tells_to}manager", leader, appraisal)
