"""Who is looking at a page, and where they are sent next (made in accounts, for every app)."""

from accounts.views.viewer import SeeOther, safe_next, viewer

__all__ = ["SeeOther", "safe_next", "viewer"]
