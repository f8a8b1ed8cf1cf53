"""Rows for the visits in an appraisal, with the evidence released and the manager's comment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from appraisals.enums import ActivityPart, ActivityState
from appraisals.models import Activity, Appraisal, EvidenceNote
from appraisals.pages.action_panels import ActionPanel, action_panel
from appraisals.pages.sides import Sides

CALLED_OFF = (ActivityState.CALLED_OFF, ActivityState.MISSED)
CROSSING = {
    ActivityState.AGREED: "agreed",
    ActivityState.TOOK_PLACE: "kept",
    ActivityState.CALLED_OFF: "ended",
    ActivityState.MISSED: "ended",
}
DID = {
    (ActivityPart.VISITED, False): "{who} will visit {partner}",
    (ActivityPart.VISITED, True): "{who} visited {partner}",
    (ActivityPart.HOSTED, False): "{who} will host {partner}",
    (ActivityPart.HOSTED, True): "{who} hosted {partner}",
}
DID_NOT = {
    ActivityPart.VISITED: "{who} would have visited {partner}",
    ActivityPart.HOSTED: "{who} would have hosted {partner}",
}


@dataclass(frozen=True)
class ActivityRow:
    """One visit as the page shows it; ``crossing`` is the style in which its line is drawn."""

    activity: Activity
    sentence: str
    crossing: str
    state: str
    evidence: EvidenceNote | None
    acknowledge: ActionPanel | None

    @property
    def is_unread(self) -> bool:
        """Whether released evidence waits to be acknowledged."""
        return self.evidence is not None and self.evidence.acknowledged_at is None


def activity_rows(
    appraisal: Appraisal, sides: Sides, actions: Sequence[str], first: str
) -> list[ActivityRow]:
    """Return a row for each activity of the appraisal, by date; takes one query."""
    related = ("origin", "destination", "objective", "evidence__author", "evidence__acknowledged_by")
    return [
        _row(activity, sides, actions, first) for activity in appraisal.activities.select_related(*related)
    ]


def _row(activity: Activity, sides: Sides, actions: Sequence[str], first: str) -> ActivityRow:
    state, found = ActivityState(activity.state), getattr(activity, "evidence", None)
    evidence = found if found is not None and found.withdrawn_at is None else None
    to_read = evidence is not None and evidence.acknowledged_at is None and "acknowledge" in actions
    return ActivityRow(
        activity=activity,
        sentence=_sentence(activity, sides),
        crossing=CROSSING[state],
        state=state.label,
        evidence=evidence,
        acknowledge=_acknowledge(activity, evidence, first) if evidence is not None and to_read else None,
    )


def _sentence(activity: Activity, sides: Sides) -> str:
    part, state = ActivityPart(activity.part), ActivityState(activity.state)
    words = DID_NOT[part] if state in CALLED_OFF else DID[part, state == ActivityState.TOOK_PLACE]
    who = "You" if sides.mine else sides.person.full_name
    return words.format(who=who, partner=activity.partner)


def _acknowledge(activity: Activity, evidence: EvidenceNote, first: str) -> ActionPanel:
    said = {"note": evidence.pk, "comment": evidence.comment}
    return action_panel(activity.appraisal, "acknowledge", first, of=evidence.pk, initial=said)
