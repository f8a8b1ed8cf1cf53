"""What every page says about the person who is looking at it."""

from collections.abc import Callable
from functools import cache

from django.http import HttpRequest

from accounts.models import WaitingItem


def waiting(request: HttpRequest) -> dict[str, Callable[[], int]]:
    """How many things wait for this person; asked of the database only by a page that shows it, once."""

    @cache
    def waiting_count() -> int:
        if not request.user.is_authenticated:
            return 0
        return WaitingItem.objects.awaiting(request.user).count()

    return {"waiting_count": waiting_count}
