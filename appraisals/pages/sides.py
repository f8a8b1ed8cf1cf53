"""The two sides of an appraisal, as they are called on its pages."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Person
from appraisals.models import Appraisal
from appraisals.policies import appraiser_of


@dataclass(frozen=True)
class Sides:
    """Whose appraisal it is, who appraises today, and on which side the viewer stands."""

    person: Person
    leader: Person | None
    viewer: Person

    @classmethod
    def of(cls, appraisal: Appraisal, viewer: Person) -> Sides:
        """Of one appraisal, as it is led today."""
        return cls(appraisal.person, appraiser_of(appraisal), viewer)

    @property
    def mine(self) -> bool:
        """Whether the viewer looks at their own."""
        return self.person.pk == self.viewer.pk

    @property
    def deputises_for(self) -> Person | None:
        """For whom the viewer acts here, if not for themselves."""
        is_deputy = not self.mine and self.leader is not None and self.leader.pk != self.viewer.pk
        return self.leader if is_deputy else None

    @property
    def leader_name(self) -> str:
        """Who appraises, by name."""
        return self.leader.full_name if self.leader else "Your line manager"

    @property
    def leader_part(self) -> str:
        """As what they appraise; empty while nobody does."""
        if self.leader is None:
            return ""
        return "line manager" if self.leader.pk == self.person.line_manager_id else "who appraises"

    @property
    def other_name(self) -> str:
        """The other side, by name."""
        return self.leader_name if self.mine else self.person.full_name
