"""A scheme's rules in words, and the effects of changing them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.urls import reverse

from accounts.days import day
from accounts.models import Person
from coordination.forms.schemes import GROUPS, LABELS, SIDES
from coordination.pages.coordinator_scope import CoordinatorScope
from coordination.workflow.scheme_settings import next_version
from shadowing.enums import UNDER_WAY, DecideByEmail, HostManagerPart, OfferStatus, PlacementStatus
from shadowing.mail.wording import mails_by_recipient
from shadowing.models import Agreement, Offer, Placement, Request, Scheme

ALL = "all"
CHOICES: dict[str, dict[str, str]] = {
    "host_manager_part": {value: str(label) for value, label in HostManagerPart.choices},
    "decide_by_email": {value: str(label) for value, label in DecideByEmail.choices},
}
CLOCKS = {
    *("manager_reminder_days", "manager_escalation_day", "manager_lapse_day", "host_reminder_days"),
    *("host_lapse_day", "reflection_days", "later_days", "holiday_country", "holiday_region"),
}
ASKING = {
    *("probation_passed", "own_department_allowed", "shortest_half_days", "longest_half_days"),
    *("cap_half_days", "live_requests"),
}
NOTHING = "Nothing would change: it stands there as you wrote it."


@dataclass(frozen=True)
class Change:
    """One line of a scheme, before and after the change."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Preview:
    """The preview of a change: the changed lines, its effects in sentences, and an example mail."""

    changes: list[Change]
    sentences: list[str]
    mail: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class RuleGroup:
    """Rules under one heading."""

    title: str
    lines: list[tuple[str, str]] = field(default_factory=list)


def code_of(scheme: Scheme) -> str:
    """Return the scheme's code in URLs: the code of its branch, or "all"."""
    return scheme.branch.code if scheme.branch is not None else ALL


def address(scheme: Scheme, page: str = "scheme", *more: str) -> str:
    """Return the URL of a page of one scheme."""
    return reverse(f"coordination:{page}", args=[code_of(scheme), *more])


def schemes_seen(scope: CoordinatorScope) -> list[Scheme]:
    """Return the schemes that the viewer runs, then those that serve a branch they coordinate."""
    serving = {
        Scheme.objects.serving(entry.department).pk
        for entry in scope.person.coordinates.select_related("department__parent__parent")
    }
    seen = Scheme.objects.filter(Q(pk__in=scope.schemes) | Q(pk__in=serving)).select_related("branch")
    return sorted(seen, key=lambda scheme: (scheme.pk not in scope.schemes, scheme.name))


def rules_in_words(scheme: Scheme) -> list[RuleGroup]:
    """Return all rules, grouped, each as a label and its value."""
    return [
        RuleGroup(title, [(LABELS[name], in_words(name, getattr(scheme, name))) for name in names])
        for title, _, names in GROUPS
    ]


def in_words(name: str, value: Any) -> str:
    """Return a rule's value as a person would say it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "never"
    if name in CHOICES:
        return CHOICES[name].get(value, str(value))
    return str(value) or "none"


def rule_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Return the rules that would change."""
    return [
        Change(LABELS[name], in_words(name, before[name]), in_words(name, after[name]))
        for name in before
        if before[name] != after[name]
    ]


def rule_effects(scheme: Scheme, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return sentences about the effects of the change."""
    changed = {name for name in before if before[name] != after[name]}
    return list(_rule_sentences(scheme, changed)) if changed else [NOTHING]


def _rule_sentences(scheme: Scheme, changed: set[str]) -> Iterator[str]:
    yield f"{_now(scheme)} What was promised or agreed there stays."
    if changed & CLOCKS:
        yield "Reminders and lapses that run keep their days; what is asked from now on follows the new ones."
    if changed & ASKING:
        yield "Requests under way go on, also where the new rules would not let them be sent today."
    if "offers_checked" in changed:
        yield _offers_sentence(scheme)
    if changed & {"word_shadow", "word_host", "name"}:
        yield "The new words stand on pages and in mails from now on; mails that were sent stay."


def _offers_sentence(scheme: Scheme) -> str:
    offers = Offer.objects.filter(scheme=scheme)
    if not scheme.offers_checked:
        number = offers.filter(status=OfferStatus.OPEN).count()
        return f"{_number(number, 'offer')} open already and stay open; new ones wait for a coordinator."
    number = offers.filter(status=OfferStatus.AWAITING_CHECK).count()
    return f"{_number(number, 'offer')} waiting for a check: somebody still has to open them."


def _now(scheme: Scheme) -> str:
    requests, visits = _under_way(scheme)
    return f"In this scheme {_number(requests, 'request')} under way and {_number(visits, 'visit')} to come."


def _under_way(scheme: Scheme) -> tuple[int, int]:
    requests = Request.objects.filter(status__in=UNDER_WAY, offer__scheme=scheme).count()
    to_come = (PlacementStatus.AGREED, PlacementStatus.TAKING_PLACE)
    return requests, Placement.objects.filter(status__in=to_come, request__offer__scheme=scheme).count()


def _number(number: int, what: str) -> str:
    return f"1 {what} is" if number == 1 else f"{number:,} {what}s are"


def agreement_preview(scheme: Scheme, words: str) -> Preview:
    """Return the preview of a new agreement: its version, and who must accept it again."""
    if words == scheme.agreement:
        return Preview([], [NOTHING])
    requests, visits = _under_way(scheme)
    visited = f"{_number(visits, 'visit')} to come: both sides are asked to accept the new version."
    return Preview(
        [Change("The agreement", scheme.agreement, words)],
        [
            f"It becomes version {next_version(scheme)}. Who accepted an earlier one keeps that to read.",
            visited if visits else "No visit is to come, so nobody has to accept it again.",
            f"{_number(requests, 'request')} under way: the visits that come of them are asked to accept it.",
        ],
    )


def list_changes(before: Mapping[str, list[str]], after: Mapping[str, list[str]]) -> list[Change]:
    """Return the checklists that would change."""
    return [
        Change(label, "\n".join(before[side]) or "nothing", "\n".join(after[side]) or "nothing")
        for side, label in SIDES.items()
        if list(before[side]) != list(after[side])
    ]


def question_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Return the questions whose text, hint or use would change."""
    kinds = {"text": "Question", "hint": "Hint", "asked": "Is asked"}
    found = []
    for name in before:
        if before[name] != after[name]:
            kind, _, mine = name.partition("_")
            label = kinds[kind] if kind == "text" else f"{kinds[kind]} of “{before[f'text_{mine}']}”"
            found.append(Change(label, in_words("", before[name]), in_words("", after[name])))
    return found


@dataclass(frozen=True)
class MailRow:
    """One mail in the list, with the scheme's own paragraph."""

    label: str
    url: str
    words: str


def mail_rows(scheme: Scheme) -> list[tuple[str, list[MailRow]]]:
    """Return all mails that can carry a paragraph, grouped by recipient."""
    own = scheme.own_words
    return [
        (
            group,
            [
                MailRow(label, address(scheme, "scheme-mail", template), own.get(template, ""))
                for template, label in rows
            ],
        )
        for group, rows in mails_by_recipient().items()
    ]


def scheme_context(scheme: Scheme, person: Person, *, may_edit: bool) -> dict[str, Any]:
    """Return the template context of the page of one scheme."""
    current = Agreement.objects.current(scheme)
    edits = ("rules", "agreement", "checklists", "questions")
    return {
        "scheme": scheme,
        "groups": rules_in_words(scheme),
        "agreement": current,
        "agreement_since": f"Version {current.number}, since {day(current.created_at)}" if current else "",
        "lists": _lists(scheme),
        "questions": [one for one in scheme.reflection_questions.all() if one.retired_at is None],
        "own_mails": len(scheme.own_words),
        "may_edit": may_edit,
        "mails_url": address(scheme, "scheme-mails"),
        "urls": {name: address(scheme, f"scheme-{name}") for name in edits} if may_edit else {},
        "people": ", ".join(str(each) for each in scheme.coordinators.active()) or "nobody at the moment",
    }


def _lists(scheme: Scheme) -> list[tuple[str, list[str]]]:
    items = list(scheme.checklist_items.filter(retired_at=None))
    return [(label, [item.text for item in items if item.side == side]) for side, label in SIDES.items()]
