"""Data types of the demo organisation's texts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OfferText:
    """One offer as its host would word it.

    `sessions` is the number of dated sessions; 0 means by arrangement. `month` keeps
    seasonal work in its season (clearing is in August whatever the day of the demo), `weekday`
    on its day of the week (1 is Monday); 0 means any.
    """

    team: str
    title: str
    see: str
    learn: str
    before: str
    not_attend: str
    who: str = "Anyone in professional services."
    kind: str = "observation"
    format: str = "in_person"
    half_days: int = 1
    places: int = 1
    sessions: int = 0
    starts: str = "09:30"
    month: int = 0
    weekday: int = 0
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TeamText:
    """A team in its own words, and the job titles found in it, most senior first."""

    code: str
    who_we_are: str
    visitors_see: str
    jobs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DepartmentText:
    """A department in its own words, with its teams and what they offer."""

    code: str
    who_we_are: str
    visitors_see: str
    head: str
    teams: tuple[TeamText, ...]
    offers: tuple[OfferText, ...]
