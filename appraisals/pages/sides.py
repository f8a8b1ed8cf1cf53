"""The two sides of an appraisal (the person, and today's appraiser), as its pages name them."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Person
from appraisals.models import Appraisal
from appraisals.policies import appraiser_of


@dataclass(frozen=True)
class Sides:
    """The person, today's appraiser, and the person who looks at the page."""

    person: Person
    leader: Person | None
    viewer: Person

    @classmethod
    def of(cls, appraisal: Appraisal, viewer: Person) -> Sides:
        """Return the sides of ``appraisal`` as of today."""
        return cls(appraisal.person, appraiser_of(appraisal), viewer)

    @property
    def mine(self) -> bool:
        """Whether the viewer looks at their own appraisal."""
        return self.person.pk == self.viewer.pk

    @property
    def deputises_for(self) -> Person | None:
        """The appraiser for whom the viewer acts as deputy, else None."""
        is_deputy = not self.mine and self.leader is not None and self.leader.pk != self.viewer.pk
        return self.leader if is_deputy else None

    @property
    def leader_name(self) -> str:
        """The appraiser's name."""
        return self.leader.full_name if self.leader else "Your line manager"

    @property
    def leader_part(self) -> str:
        """The appraiser's role towards the person; empty when there is no appraiser."""
        if self.leader is None:
            return ""
        return "line manager" if self.leader.pk == self.person.line_manager_id else "who appraises"

    @property
    def other_name(self) -> str:
        """The name of the other side, as seen by the viewer."""
        return self.leader_name if self.mine else self.person.full_name
