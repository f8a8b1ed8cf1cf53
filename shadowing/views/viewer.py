"""Who is looking at a page, and where they are sent next (made in accounts, for every app)."""

from accounts.views.viewer import CONFLICT, UNPROCESSABLE, SeeOther, press_again, safe_next, viewer

__all__ = ["CONFLICT", "UNPROCESSABLE", "SeeOther", "press_again", "safe_next", "viewer"]
