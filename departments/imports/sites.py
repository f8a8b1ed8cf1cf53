"""Sites named in a file: found whatever their case, created on the way."""

from __future__ import annotations

from collections.abc import Iterable

from departments.models import Site


class SiteBook:
    """Ids of sites by name; a name nobody has used yet has none until ``add``."""

    def __init__(self) -> None:
        self._ids = {name.lower(): pk for name, pk in Site.objects.values_list("name", "pk")}

    def add(self, names: Iterable[str]) -> None:
        """Create the sites that are not there yet."""
        for name in dict.fromkeys(names):
            if name and name.lower() not in self._ids:
                self._ids[name.lower()] = Site.objects.create(name=name).pk

    def id_of(self, name: str) -> int | None:
        """The id of a site; None for no name and for one that is not created yet."""
        return self._ids.get(name.lower())
