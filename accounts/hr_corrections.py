"""Mail corrections of the staff list to HR, at an address that need not belong to a person here."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError

from accounts.mail_sender import mail
from accounts.models import Person

MOST_A_DAY = 5
A_DAY = dt.timedelta(days=1).total_seconds()
TOO_MANY_TODAY = (
    "You have sent {number} corrections today, which is as many as go in one day. Please write to {address} "
    "yourself, or come back tomorrow."
)
WHY = "You get this because corrections of the staff list are sent to this address."


def takes_mail() -> bool:
    """Return whether HR_CONTACT is an email address; a web page is only shown."""
    return "@" in settings.HR_CONTACT


def tell_hr(person: Person, *, detail: str, held: str, right: str, today: dt.date) -> None:
    """Queue a mail to HR that ``detail`` of ``person`` should read ``right``, once a day.

    Raises ValidationError when they have sent MOST_A_DAY corrections today.
    """
    own = f"details-wrong:{person.pk}:{today}"
    same = hashlib.sha256(f"{detail}\n{right}".encode()).hexdigest()
    if not cache.add(f"{own}:{same}", 1, A_DAY):
        return
    if not any(cache.add(f"{own}:{number}", 1, A_DAY) for number in range(MOST_A_DAY)):
        cache.delete(f"{own}:{same}")
        raise ValidationError(TOO_MANY_TODAY.format(number=MOST_A_DAY, address=settings.HR_CONTACT))
    context = {
        "person": person,
        "detail": detail,
        "held": held,
        "right": right,
        "why": WHY,
        "preferences_url": "",
    }
    mail().queue_to_address(email=settings.HR_CONTACT, template="details_wrong_to_hr", context=context)
