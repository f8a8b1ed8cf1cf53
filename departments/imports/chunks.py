"""Compare a chunk of people with the records, and save it in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from enum import Enum

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from accounts.models import Person
from accounts.sign_in.notices import ADDRESS, tell_sign_in_changed
from departments.imports.options import ImportOptions
from departments.imports.report import Finding, quoted
from departments.imports.roster import Roster
from departments.imports.rows import DATES, LineError, PersonRow, require_dates_in_order
from departments.imports.self_granting import ImporterGains
from departments.imports.sites import SiteBook
from departments.models import Membership

ALWAYS = ("first_name", "last_name")
WHERE_GIVEN = ("job_title", "grade", "start_date", "probation_end")
IN_WORDS = {
    "first_name": "first name",
    "last_name": "last name",
    "job_title": "job title",
    "grade": "grade",
    "start_date": "start date",
    "probation_end": "end of probation",
    "staff_number": "staff number",
    "working_pattern": "working pattern",
}
YOURSELF = "This would mark you as left, and you are importing, so you stay."
NOT_YOURS = "Only a superuser may change {email}, who is one."
NOT_THEIRS = "Only a superuser may change what {email} signs in with, who may open the administration."
ASK_ABOVE = "Ask a superuser to import this line."
ASK_OTHER = "Ask a colleague to import this line."
SIGNS_IN_WITH = frozenset({"email", "staff_number"})
WRITTEN = (
    "email", "staff_number", *ALWAYS, *WHERE_GIVEN, "working_pattern", "is_active", "line_manager"
)  # fmt: skip


class Outcome(Enum):
    """The result of a line that is not refused."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class Chunk:
    """Rows of the file, with the people they are about."""

    def __init__(
        self,
        rows: list[PersonRow],
        roster: Roster,
        columns: frozenset[str],
        ids: Mapping[str, int],
        sites: SiteBook,
        options: ImportOptions,
        *,
        locked: bool,
    ) -> None:
        self.roster, self.columns, self.ids, self.sites = roster, columns, ids, sites
        self.options, self.own = options, ImporterGains(options.by)
        self.rows = {row.email: row for row in rows}
        self.people = self._people(locked=locked)
        self.memberships = Membership.objects.in_bulk([person.pk for person in self.people.values()])
        self.outcomes: dict[str, Outcome] = {}
        self.refusals: list[Finding] = []
        self.refused: list[PersonRow] = []
        self.notes: list[Finding] = []
        self.differences: list[tuple[str, str, str, object, object]] = []
        self.leavers: list[str] = []
        self.still_left = 0
        self.places: list[Membership] = []
        for row in rows:
            self._compare(row)

    def _people(self, *, locked: bool) -> dict[str, Person]:
        """Return the existing people of the rows, by the email that the file gives them."""
        people = Person.objects.select_for_update(no_key=True) if locked else Person.objects.all()
        wanted = {self.ids[email]: email for email in self.rows if email in self.ids}
        return {wanted[person.pk]: person for person in people.filter(pk__in=wanted).order_by("pk")}

    def _compare(self, row: PersonRow) -> None:
        person = self.people.get(row.email)
        try:
            if person is None:
                self.people[row.email] = self._new(row)
                outcome = Outcome.CREATED
            else:
                changed = self._change(row, person)
                outcome = Outcome.CHANGED if changed else Outcome.UNCHANGED
        except LineError as error:
            self.refusals.extend(error.findings)
            self.refused.append(row)
            return
        if outcome is Outcome.CREATED:
            self._place(row, self.people[row.email])
        self.outcomes[row.email] = outcome

    def _new(self, row: PersonRow) -> Person:
        person = Person(email=row.email, password=UNUSABLE_PASSWORD_PREFIX + secrets.token_urlsafe(30))
        self._apply(row, person)
        return person

    def _change(self, row: PersonRow, person: Person) -> bool:
        """Apply the file's values to an existing person. Returns whether anything changed."""
        before = person.email
        old = self._apply(row, person)
        new_manager = self._manager_differs(row, person)
        places = len(self.places)
        moved = self._place(row, person)
        if (old or new_manager or moved) and (above := self._is_above(person, old)):
            self._refuse(row, places, "email", above.format(email=quoted(before)), ASK_ABOVE)
        if new_manager and (gained := self._gain_by_manager(row, person)):
            self._refuse(row, places, "line_manager_email", gained, ASK_OTHER)
        if moved and (gained := self._gain_by_move(person, self.places[-1])):
            self._refuse(row, places, "department_code", gained, ASK_OTHER)
        if "is_active" in old and not person.is_active and (gained := self.own.by_leaving(person)):
            self._refuse(row, places, "active", gained, ASK_OTHER)
        self._record_differences(row, person, old, new_manager=new_manager)
        return bool(old) or new_manager or moved

    def _refuse(self, row: PersonRow, places: int, column: str, wrong: str, remedy: str) -> None:
        """Refuse the line, and drop the membership it would have written."""
        del self.places[places:]
        raise LineError([Finding(row.where, column, wrong, remedy)])

    def _gain_by_manager(self, row: PersonRow, person: Person) -> str:
        here = self.memberships.get(person.pk)
        after = self.ids.get(row.line_manager_email or "")
        return self.own.by_manager(person.line_manager_id, after, here.department_id if here else None)

    def _gain_by_move(self, person: Person, place: Membership) -> str:
        here = self.memberships.get(person.pk)
        return self.own.by_move(here.department_id if here else None, place.department_id)

    def _is_above(self, person: Person, old: Mapping[str, object]) -> str:
        """Return why the importer may not change this person, else an empty string.

        Somebody who can change another's email address could sign in as them.
        """
        by = self.options.by
        if by is None or by.is_superuser:
            return ""
        if person.is_superuser:
            return NOT_YOURS
        if SIGNS_IN_WITH.isdisjoint(old):
            return ""
        return NOT_THEIRS if person.is_staff else self.own.by_address(person)

    def _apply(self, row: PersonRow, person: Person) -> dict[str, object]:
        """Set the file's values on the person. Returns the old values that differ. Raises LineError."""
        given: dict[str, object] = {name: getattr(row, name) for name in ALWAYS}
        for name in WHERE_GIVEN:
            if name in self.columns and (name in DATES or getattr(row, name) is not None):
                given[name] = getattr(row, name)
        given |= {"email": row.email} if person.email.lower() != row.email else {}
        given |= {"staff_number": row.staff_number} if row.staff_number else {}
        given |= {"working_pattern": row.working_pattern} if row.working_pattern else {}
        given |= {"is_active": row.active} if row.active is not None and self._may_leave(row, person) else {}
        old = {name: was for name, value in given.items() if (was := getattr(person, name)) != value}
        for name in old:
            setattr(person, name, given[name])
        require_dates_in_order(row.where, person.start_date, person.probation_end)
        return old

    def _may_leave(self, row: PersonRow, person: Person) -> bool:
        """Whether the file's mark as leaver counts; the importer cannot mark themselves as left."""
        by = self.options.by
        if by is None or person.pk != by.pk or row.active:
            return True
        self.notes.append(Finding(row.where, "active", YOURSELF, "Ask a colleague if you have really left."))
        return False

    def _record_differences(
        self, row: PersonRow, person: Person, old: dict[str, object], *, new_manager: bool
    ) -> None:
        """Record the differences for the preview."""
        tell = self.differences.append
        who, about = person.full_name, row.email
        if "is_active" in old:
            tell(("back" if person.is_active else "left", who, about, "", ""))
            self.leavers += [] if person.is_active else [row.email]
        self.still_left += not person.is_active and row.active is None
        if not old and not new_manager:
            return
        if "email" in old:
            tell(("renamed", who, about, old["email"], row.email))
        if new_manager:
            now = self.roster.known.managers.get(str(old.get("email", person.email)).lower(), "")
            tell(("manager", who, about, now, row.line_manager_email))
        for name, words in IN_WORDS.items():
            if name in old:
                tell(("details", f"{who}: {words}", about, old[name], getattr(person, name)))

    def _manager_differs(self, row: PersonRow, person: Person) -> bool:
        if row.line_manager_email is None:
            return False
        still_to_come = bool(row.line_manager_email) and row.line_manager_email not in self.ids
        return still_to_come or self.ids.get(row.line_manager_email) != person.line_manager_id

    def _place(self, row: PersonRow, person: Person) -> bool:
        """Prepare the membership for saving if it is new or changed. Returns whether it is."""
        here = self.memberships.get(person.pk) if person.pk else None
        department = self.roster.known.codes[row.department_code.lower()]
        site = here.site_id if here is not None else None
        if "site" in self.columns and row.site is not None:
            site = self.sites.id_of(row.site)
        new_site = bool(row.site) and site is None
        if here is not None and here.department_id == department and here.site_id == site and not new_site:
            return False
        self.places.append(Membership(person=person, department_id=department, site_id=site))
        if person.pk and (here is None or here.department_id != department):
            names = self.roster.known.departments
            was = names.get(here.department_id, "") if here is not None else ""
            self.differences.append(("moved", person.full_name, row.email, was, names.get(department, "")))
        elif person.pk:
            self.differences.append(("details", f"{person.full_name}: site", row.email, "", row.site or ""))
        return True

    def save(self) -> dict[str, int]:
        """Write people, then line managers, then memberships. Returns the keys of new people by email."""
        self._tell_renamed()
        new = [self.people[email] for email, outcome in self.outcomes.items() if outcome is Outcome.CREATED]
        for person in new:
            self._set_manager(person.email, self.ids)
        Person.objects.bulk_create(new)
        fresh = {person.email: person.pk for person in new}
        ids = {**self.ids, **fresh} if fresh else self.ids
        touched = [self.people[email] for email in self.outcomes if self._set_manager(email, ids)]
        Person.objects.bulk_update([person for person in touched if person.email in fresh], ["line_manager"])
        Person.objects.bulk_create(
            [person for person in touched if person.email not in fresh],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=WRITTEN,
        )
        self._forget_old_addresses()
        self._save_places()
        return fresh

    def _set_manager(self, email: str, ids: Mapping[str, int]) -> bool:
        """Set the line manager. Returns whether the person must be written (again)."""
        person, manager = self.people[email], self.rows[email].line_manager_email
        before = person.line_manager_id
        if manager is not None:
            person.line_manager_id = ids.get(manager)
        return before != person.line_manager_id or self.outcomes[email] is Outcome.CHANGED

    def _tell_renamed(self) -> None:
        """Mail the old addresses of people whose email was changed in the admin, but not by the command."""
        for new in self.roster.renamed.keys() & self.outcomes.keys() if self.options.by is not None else ():
            tell_sign_in_changed(self.roster.renamed[new], ADDRESS)

    def _forget_old_addresses(self) -> None:
        """Delete old sign-in addresses, so that only the new email can be used to sign in."""
        renamed = [self.people[email].pk for email in self.outcomes if email in self.roster.renamed]
        if renamed:
            EmailAddress.objects.filter(user__in=renamed).delete()

    def _save_places(self) -> None:
        for place in self.places:
            place.person_id = place.person.pk
        Membership.objects.bulk_create(
            self.places,
            update_conflicts=True,
            unique_fields=["person"],
            update_fields=["department", "site"],
        )
