"""Confirmation of days that are closed, or on which the visitor does not work."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.utils import timezone

from accounts.models import Person
from shadowing.models import Session
from shadowing.rules.deadlines import day_remarks, window_remarks
from shadowing.rules.time_spans import require_confirmation


def ask_about_days(
    form: forms.BaseForm,
    session: Session,
    window: tuple[dt.date, dt.date] | None,
    person: Person,
    *,
    reader: Person | None = None,
) -> None:
    """Add the confirmation to ``form`` where it is needed.

    Checks the day of a dated session; by arrangement, the ``window`` if one is given. ``reader`` is the
    person who reads the remarks.
    """
    scheme = session.offer.scheme
    if not session.by_arrangement:
        days = [timezone.localdate(session.starts_at)]
        require_confirmation(form, day_remarks(scheme, days, [person], reader=reader))
    elif window is not None:
        require_confirmation(form, window_remarks(scheme, *window, person, reader=reader))
