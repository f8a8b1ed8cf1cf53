"""Write the styles of an HTML mail into its tags, because mail programs read little else."""

from functools import lru_cache

import css_inline


def with_styles(html: str) -> str:
    """Return ``html`` with the rules of its style element inlined; the element itself stays."""
    return _inliner().inline(html)


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)
