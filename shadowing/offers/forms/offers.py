"""Form of an offer: its texts, place and length, and its dates as session rows or as one window."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from accounts.days import day as say_day
from accounts.days import half_days
from accounts.forms.fields import AnyDay, Day, Line, Words
from accounts.models import Person
from departments.models import Department, Site
from shadowing.enums import OfferStatus
from shadowing.models import Offer, Request, Scheme, Session
from shadowing.offers.forms.sessions import SessionRows, places_field
from shadowing.offers.workflow.capacity import fewer_than_taken
from shadowing.offers.workflow.sessions import NEEDS_DATES, Slot, refusal_to_change, sessions_to_come
from shadowing.rules.deadlines import day_remarks, window_remarks
from shadowing.rules.policies import offer_departments
from shadowing.rules.time_spans import require_confirmation

TOO_LATE_TO_APPLY = "The last date is {day}. Choose an earlier day to apply by, or add a later date."
WINDOW_FIELDS = {"window_first", "window_last", "window_places"}
MOST_HALF_DAYS = 20
MOST_TOPICS = 10
MOST_CO_HOSTS = 5
LENGTHS = [(number, half_days(number).capitalize()) for number in range(1, MOST_HALF_DAYS + 1)]
DATED, WINDOW = "sessions", "window"
DATES = ((DATED, "On fixed dates"), (WINDOW, "By arrangement, within a window"))


class OfferForm(forms.ModelForm):  # type: ignore[type-arg]  # takes its model while types are checked only
    """Create or edit an offer. ``slots`` are its sessions as typed; ``colleagues`` become co-hosts.

    With ``keep`` the form is filled with ``data`` but not validated (to add a session row).
    """

    title = Line(
        max_length=120, help_text="As you would say it to a colleague: “A morning at the service desk”."
    )
    will_see = Words(label="What will a visitor see?", max_length=4000)
    will_learn = Words(label="What will they learn?", max_length=4000, required=False)
    half_days = forms.TypedChoiceField(label="How long does it take?", coerce=int, choices=LENGTHS)
    topics = Line(
        required=False,
        max_length=450,
        help_text="A few words people may search for, with commas between them: exams, complaints, data.",
    )
    who_may_apply = Line(required=False, max_length=300, help_text="Leave it empty if anybody may.")
    know_before = Words(
        label="What should visitors know before they come?",
        help_text="Safety, access, confidentiality, what to wear, where to report.",
        max_length=4000,
        required=False,
    )
    will_not_attend = Words(
        label="What will visitors not attend?",
        help_text="Meetings or conversations that stay private.",
        max_length=2000,
        required=False,
    )
    colleagues = Words(
        label="Who hosts with you?",
        help_text="Email addresses of colleagues, one a line. They can answer requests. "
        "If you host visits agreed already, those change too.",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    deadline = Day(label="Apply by", required=False, help_text="The last day to ask for a place.")
    dates = forms.ChoiceField(label="How are the dates found?", choices=DATES, widget=forms.RadioSelect)
    window_first = AnyDay(label="First day of the window", required=False)
    window_last = Day(label="Last day of the window", required=False)
    window_places = places_field("How many visitors in this window?")

    class Meta:
        model = Offer
        fields = (
            *("department", "title", "kind", "will_see", "will_learn", "format", "site", "half_days"),
            *("deadline", "topics", "who_may_apply", "know_before", "will_not_attend"),
        )
        labels: ClassVar = {"kind": "What kind of visit is it?", "format": "Where does it take place?"}

    def __init__(
        self, data: Mapping[str, str] | None = None, *, instance: Offer, person: Person, keep: bool = False
    ) -> None:
        self.person = person
        self.old_department = instance.department_id
        self.old_length = None if instance._state.adding else instance.half_days  # noqa: SLF001  # Django's own mark
        sessions = list(sessions_to_come(instance)) if not instance._state.adding else []  # noqa: SLF001  # Django's own mark
        self.window = next((session for session in sessions if session.by_arrangement), None)
        dated = [session for session in sessions if not session.by_arrangement]
        typed = {name: data.get(name, "") for name in self.base_fields} if keep and data else {}
        initial = {**self._stored(instance, dated), **typed}
        super().__init__(None if keep else data, instance=instance, initial=initial)
        self.rows = SessionRows(dated, data, keep=keep)
        self.fields["window_places"].required = False
        self._offer_choices()

    def _stored(self, offer: Offer, dated: list[Session]) -> dict[str, Any]:
        """Return the stored values of the fields that are not columns."""
        stored: dict[str, Any] = {"topics": ", ".join(offer.topics), "dates": DATED}
        if not offer._state.adding:  # noqa: SLF001  # Django's own mark
            stored["colleagues"] = "\n".join(person.email for person in offer.co_hosts.all())
        if self.window is not None:
            stored |= {
                "dates": DATED if dated else WINDOW,
                "window_first": timezone.localdate(self.window.starts_at),
                "window_last": timezone.localdate(self.window.ends_at),
                "window_places": self.window.places,
            }
        return stored

    def _offer_choices(self) -> None:
        allowed = offer_departments(self.person)
        if self.old_department:
            allowed = allowed | Department.objects.filter(pk=self.old_department)
        with_line = allowed.select_related("parent__parent").order_by(
            "name"
        )  # the scheme's branch is looked up
        self.fields["department"] = forms.ModelChoiceField(with_line, empty_label=None)
        self.fields["site"] = forms.ModelChoiceField(
            Site.objects.order_by("name"), empty_label="Nowhere in particular", required=False
        )

    def clean_topics(self) -> list[str]:
        """Return the topics between the commas, without duplicates."""
        topics = [" ".join(topic.split()) for topic in re.split(r"[,;\n]", self.cleaned_data["topics"])]
        found = list(dict.fromkeys(topic for topic in topics if topic))
        if len(found) > MOST_TOPICS:
            raise forms.ValidationError(f"{MOST_TOPICS} topics are enough; you gave {len(found)}.")
        long = next((topic for topic in found if len(topic) > 40), None)
        if long:
            raise forms.ValidationError(f"“{long[:40]}…” is too long for a topic: 40 characters at most.")
        return found

    def clean_colleagues(self) -> list[Person]:
        """Return the people with these email addresses; the error names addresses that nobody has."""
        given = list(dict.fromkeys(re.split(r"[\s,;]+", self.cleaned_data["colleagues"].lower().strip())))
        given = [address for address in given if address]
        if len(given) > MOST_CO_HOSTS:
            raise forms.ValidationError(f"{MOST_CO_HOSTS} colleagues at most; you gave {len(given)}.")
        people = {person.email.lower(): person for person in Person.objects.active().filter(email__in=given)}
        missing = [address for address in given if address not in people]
        if missing:
            raise forms.ValidationError(f"Nobody here has this address: {', '.join(missing)[:200]}")
        return [person for person in people.values() if person.pk != self.instance.host_id]

    def clean(self) -> dict[str, Any]:
        """Check that the length fits the scheme, the department may change, and the dates are valid."""
        given = super().clean() or self.cleaned_data
        if given.get("department"):
            self._clean_department(given["department"])
        if given.get("dates") == WINDOW:
            self._clean_window(given)
        elif given.get("dates"):
            self._clean_sessions(given)
        self._clean_deadline(given)
        self._ask_about_days(given)
        if not self.errors and self.instance.status == OfferStatus.OPEN and not self.slots():
            self.add_error("dates", NEEDS_DATES)
        return given

    def _clean_department(self, department: Department) -> None:
        try:
            self.instance.scheme = scheme = Scheme.objects.serving(department)
        except Scheme.DoesNotExist:
            self.add_error("department", "No scheme serves this department yet. Please ask the coordinator.")
            return
        length = self.cleaned_data.get("half_days")
        if length and not scheme.shortest_half_days <= length <= scheme.longest_half_days:
            least, most = half_days(scheme.shortest_half_days), half_days(scheme.longest_half_days)
            self.add_error("half_days", f"A visit takes {least} to {most} in this scheme.")
        moved = self.old_department and department.pk != self.old_department
        if moved and Request.objects.sent().live().filter(offer=self.instance).exists():
            self.add_error("department", "People have asked already, so the department stays as it is.")

    def _clean_sessions(self, given: dict[str, Any]) -> None:
        """Check the rows, and that no new session takes longer than the offer's length.

        Stored sessions are checked as well if the offer has become shorter.
        """
        sound, length = self.rows.is_valid(), given.get("half_days")
        if sound and length:
            shorter = length < (self.old_length or length)
            sound = not self.rows.refuse_longer(length, stored_too=shorter)
        if not sound:
            self.add_error("dates", "Something is not right in the sessions below.")
            return

    def _ask_about_days(self, given: dict[str, Any]) -> None:
        """Ask for confirmation of closed days, days off, overnight sessions and clock changes."""
        if not given.get("department") or self.errors.keys() & {"department", "dates", *WINDOW_FIELDS}:
            return
        host = self.instance.host if self.instance.host_id else self.person
        scheme, reader = self.instance.scheme, self.person
        if given.get("dates") == WINDOW:
            days = given["window_first"], given["window_last"]
            require_confirmation(self, window_remarks(scheme, *days, host, reader=reader))
        elif given.get("dates"):
            spans = self.rows.new_spans()
            on = {timezone.localdate(span.start) for span in spans}
            questions = [question for span in spans for question in span.questions]
            questions += day_remarks(scheme, on, [host], reader=reader)
            require_confirmation(self, questions, twice=any(span.twice for span in spans))

    def _clean_deadline(self, given: dict[str, Any]) -> None:
        """Check that the deadline is not after the last date."""
        deadline = given.get("deadline")
        if not deadline or not given.get("dates") or self.errors.keys() & {"dates", *WINDOW_FIELDS}:
            return
        last = max((timezone.localdate(slot.starts_at) for slot in self.slots()), default=None)
        if given["dates"] == WINDOW:
            last = given["window_last"]
        if last is not None and deadline > last:
            self.add_error("deadline", TOO_LATE_TO_APPLY.format(day=say_day(last)))

    def _clean_window(self, given: dict[str, Any]) -> None:
        first, last, window = given.get("window_first"), given.get("window_last"), self.window
        needed = {"window_first": "Say from which day on.", "window_last": "Say until which day."}
        for name, sentence in {**needed, "window_places": "Say how many."}.items():
            if not given.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        if not first or not last or not given.get("window_places"):
            return
        begun = window is not None and first == timezone.localdate(window.starts_at)
        if last < first:
            self.add_error("window_last", "The window ends before it starts.")
        elif first < timezone.localdate() and not begun:
            self.add_error("window_first", "This day is in the past. Choose a day to come.")
        elif window is not None:
            refusal = refusal_to_change(window, self.slots()[0])
            if refusal:
                self.add_error("window_first", refusal)
            if given["window_places"] < window.taken:
                self.add_error("window_places", fewer_than_taken(window.taken))

    def slots(self) -> list[Slot]:
        """Return the sessions wanted; call it on a valid form only."""
        given = self.cleaned_data
        if given["dates"] != WINDOW:
            return self.rows.slots()
        window = Slot(
            starts_at=_at(given["window_first"], dt.time()),
            ends_at=_at(given["window_last"], dt.time(23, 59)),
            places=given["window_places"],
            by_arrangement=True,
            pk=self.window.pk if self.window else None,
        )
        return [self._as_stored(window)]

    def _as_stored(self, slot: Slot) -> Slot:
        """The stored times where the days are the same: hours of a window are nobody's concern."""
        if self.window is None:
            return slot
        starts, ends = self.window.starts_at, self.window.ends_at
        same_first = timezone.localdate(starts) == timezone.localdate(slot.starts_at)
        same_last = timezone.localdate(ends) == timezone.localdate(slot.ends_at)
        return Slot(
            starts_at=starts if same_first else slot.starts_at,
            ends_at=ends if same_last else slot.ends_at,
            places=slot.places,
            by_arrangement=True,
            pk=slot.pk,
        )


def _at(day: dt.date, time: dt.time) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, time))
