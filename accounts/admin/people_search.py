"""Search box of the administration: finds people by name, ignoring accents, case and hyphens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin.utils import lookup_spawns_duplicates
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts.free_text import terms
from accounts.models import Person
from accounts.search_text import words_of

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    Page = ModelAdmin[Any]
else:
    Page = object  # beside one of Django's own

NAMES = ("first_name", "last_name", "email")


class PeopleSearch(Page):
    """Searches ``search_fields``; a relation whose ``first_name`` is listed is searched by full name."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Return records in which each typed word is found, in a name or in another field."""
        fields = list(self.get_search_fields(request))
        for typed in terms(search_term):
            if words_of(typed):
                queryset = queryset.filter(_found_in(fields, typed))
        plain = [name.lstrip("=") for name in fields]
        return queryset, any(lookup_spawns_duplicates(self.opts, name) for name in plain)


def _found_in(fields: list[str], typed: str) -> Q:
    people = [name.removesuffix("first_name") for name in fields if name.endswith("first_name")]
    found = Q()
    for prefix in people:
        found |= Q(**{f"{prefix or 'pk__'}in": Person.objects.called(typed).order_by().values("pk")})
    names = {prefix + name for prefix in people for name in NAMES}
    for name in (name for name in fields if name not in names):
        found |= Q(**{_lookup(name): typed})
    return found


def _lookup(name: str) -> str:
    """Return the lookup of a field: names of departments and sites ignore accents, others do not."""
    if name.startswith("="):
        return f"{name[1:]}__iexact"
    return f"{name}__holds" if name.rpartition("__")[2] == "name" else f"{name}__icontains"
