"""Queue the mails about appraisals: one template per event and recipient.

Templates are ``emails/appraisals/<event>_to_<recipient>.html``. Their context comes from
``appraisals.mail_context``. No free text of an appraisal is ever sent by mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from accounts.display_names import disambiguated_names, loaded_records
from accounts.models import Delegation, Person, WaitingItem
from appraisals.mail_context import about_appraisal, about_missing_talks
from appraisals.models import Appraisal
from appraisals.policies import appraiser_of
from messaging import outbox

FOLDER = "appraisals"
TALK_MISSING = "conversation_missing_to_manager"


def queue_mail(
    template: str,
    recipient: Person,
    appraisal: Appraisal,
    *,
    item: WaitingItem | None = None,
    occasion: str = "",
    **extra: Any,
) -> None:
    """Queue a mail to ``recipient`` about the present state of ``appraisal``.

    With ``item`` the mail is sent only if that waiting item is still open. ``occasion`` makes a reminder
    distinct from the first mail, so that the outbox does not drop it as a duplicate.
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
    """Mail the owner of ``item`` what they are asked to do; if that is the appraiser, their deputies too.

    ``asks_to`` is the template's name without its recipient.
    """
    if item.owner_id == appraisal.person_id:
        queue_mail(f"{asks_to}person", appraisal.person, appraisal, item=item, occasion=occasion, **extra)
        return
    for person in [item.owner, *Delegation.objects.deputies_of(item.owner, never=appraisal.person)]:
        queue_mail(f"{asks_to}manager", person, appraisal, item=item, occasion=occasion, **extra)


def tell_other_side(tells_to: str, appraisal: Appraisal, by: Person, **extra: Any) -> None:
    """Mail the other side about what ``by`` did."""
    leader = appraiser_of(appraisal)
    if by != appraisal.person:
        queue_mail(f"{tells_to}person", appraisal.person, appraisal, by=by, **extra)
    elif leader is not None:
        queue_mail(f"{tells_to}manager", leader, appraisal, by=by, **extra)


def tell_both_sides(tells_to: str, appraisal: Appraisal) -> None:
    """Mail both sides, and the deputy who signed if there is one."""
    queue_mail(f"{tells_to}person", appraisal.person, appraisal)
    leaders = dict.fromkeys([appraiser_of(appraisal), appraisal.appraiser_signed_by])
    for leader in filter(None, leaders):
        queue_mail(f"{tells_to}manager", leader, appraisal)


def queue_talk_missing(manager: Person, appraisals: Sequence[Appraisal]) -> None:
    """Queue one mail to ``manager`` that names their people without a conversation about shadowing."""
    with disambiguated_names(loaded_records(Person, manager, [one.person for one in appraisals])):
        outbox.enqueue(
            event=f"{appraisals[0].pk}:talk_missing:{timezone.now():%Y%m%d%H%M%S%f}",
            template=f"{FOLDER}/{TALK_MISSING}",
            recipient=manager,
            context=about_missing_talks(appraisals),
        )
