"""The agreement on a visit's page: its text, who accepted which version, whether the viewer is asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from accounts.days import moment
from accounts.models import Person
from shadowing.enums import Side
from shadowing.models import Acceptance, Agreement, Placement

SIDES = {Side.SHADOW: "the visitor", Side.HOST: "the host"}


@dataclass(frozen=True)
class AgreementPart:
    """What the page shows. ``asked``: your side has accepted no version; ``newer``: only an older one."""

    current: Agreement
    former: Agreement | None
    accepted: list[str]
    missing: list[str]
    asked: bool
    newer: bool

    @property
    def state(self) -> str:
        """The state of acceptance, for the summary line of the fold."""
        if self.missing:
            return f"{' and '.join(self.missing)} still to accept"
        return "accepted by both sides"


def agreement_part(placement: Placement, person: Person, actions: Collection[str]) -> AgreementPart | None:
    """Return the agreement as ``person`` sees it; None where the scheme has none."""
    current = Agreement.objects.current(placement.request.offer.scheme)
    if current is None:
        return None
    rows = list(placement.acceptances.select_related("person", "agreement"))
    own = Side.SHADOW if placement.shadow_id == person.pk else Side.HOST
    mine = [row.agreement_id for row in rows if row.side == own]
    may = "accept_agreement" in actions
    former = placement.agreement
    return AgreementPart(
        current=current,
        former=former if former is not None and former != current else None,
        accepted=[_sentence(row) for row in rows],
        missing=[who for side, who in SIDES.items() if side not in {row.side for row in rows}],
        asked=may and not mine,
        newer=may and bool(mine) and current.pk not in mine,
    )


def _sentence(row: Acceptance) -> str:
    side, version = SIDES[Side(row.side)], row.agreement.number
    return f"{row.person.full_name}, {side}, accepted version {version} on {moment(row.at)}."
