"""What a person is told once their action on an agreed visit is done."""

from __future__ import annotations

from shadowing.models import Placement

BY_ACTION: dict[str, str] = {
    "comment": "Your comment is sent.",
    "accept_agreement": "Thank you. Your acceptance is kept, with the version and the time.",
    "tick": "",  # the tick itself says it
    "untick": "",
    "cancel": "The visit is cancelled. Everybody concerned is told, and the place is offered on.",
}


def said_of_visit(action: str, placement: Placement) -> str:
    """The sentence for the person who did ``action``, as ``placement`` stands afterwards."""
    sentence = BY_ACTION.get(action, "Done.")
    return sentence.format(shadow=placement.shadow.full_name, host=placement.host.full_name)
