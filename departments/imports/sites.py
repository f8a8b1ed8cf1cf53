"""Sites named in a file: found in any case, created if new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from departments.imports.report import quoted
from departments.models import Site

SHOWN = 10


class SiteBook:
    """Ids of sites by name; a new name has an id only after ``add``."""

    def __init__(self) -> None:
        self._ids = {name.lower(): pk for name, pk in Site.objects.values_list("name", "pk")}

    def add(self, names: Iterable[str | None]) -> None:
        """Create the sites that do not exist yet."""
        for name in dict.fromkeys(names):
            if name and name.lower() not in self._ids:
                self._ids[name.lower()] = Site.objects.create(name=name).pk

    def id_of(self, name: str) -> int | None:
        """Return the id of a site; None for an empty name or a site that does not exist yet."""
        return self._ids.get(name.lower())

    def new_in_words(self, names: Iterable[str | None]) -> Iterator[str]:
        """Yield a sentence that lists new sites, so that typing errors are noticed."""
        new = list(dict.fromkeys(name for name in names if name and name.lower() not in self._ids))
        if new:
            listed = ", ".join(quoted(name) for name in new[:SHOWN]) + (", …" if len(new) > SHOWN else "")
            yield f"{len(new):,} site{'s are' if len(new) > 1 else ' is'} new here: {listed}."
