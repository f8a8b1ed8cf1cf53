"""The lookup ``holds``, which ignores accents, apostrophes, hyphens and case: ``name__holds="lukasz"``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Lookup, TextField

if TYPE_CHECKING:
    TextLookup = Lookup[Any]
else:
    TextLookup = Lookup  # Django's is generic in its types only


@CharField.register_lookup
@TextField.register_lookup
class Holds(TextLookup):
    """Whether a text contains a word, both folded by the database. No index helps: for short tables."""

    lookup_name = "holds"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Build the LIKE condition. No escaping is needed: folded text contains no LIKE wildcards."""
        stored, stored_params = self.process_lhs(compiler, connection)
        word, word_params = self.process_rhs(compiler, connection)
        sql = f"accounts_found_by({stored}) LIKE '%%' || accounts_folded({word}, ' ') || '%%'"
        return sql, (*stored_params, *word_params)
