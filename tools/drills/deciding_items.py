"""Load the requests that the double-click drill (P12) decides, with sessions for all people concerned.

All requests wait for one manager, who has a deputy. ``python -m tools.drills.inside
tools.drills.deciding_items NUMBER`` prints them as JSON.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from django.utils import timezone

from accounts.models import Delegation
from tools.drills.loading import signed_in
from tools.drills.scenery import scenery, sessions, with_manager


def load(number: int) -> dict[str, object]:
    """Load ``number`` requests.

    Return the people with their sessions, and the requests in the order of the shadows.
    """
    scene = scenery()
    (deputy,) = scene.people(1)
    Delegation.objects.create(
        manager=scene.manager, deputy=deputy, starts_on=timezone.localdate(), announced_at=timezone.now()
    )
    (session,) = sessions(scene.offers(scene.people(1, at=scene.away)), places=number)
    shadows = scene.people(number)
    requests = with_manager([(shadow, session) for shadow in shadows], scene.manager)
    people = [asdict(person) for person in signed_in([scene.manager, deputy, *shadows])]
    return {
        "manager": people[0],
        "deputy": people[1],
        "shadows": people[2:],
        "requests": [str(r.pk) for r in requests],
    }


if __name__ == "__main__":
    print(json.dumps(load(int(sys.argv[1]))))
