"""Pages of a long list by key (made in accounts, for every app)."""

from accounts.pages.paging import Page, page_of

__all__ = ["Page", "page_of"]
