"""Messages that confirm an action on an agreed visit."""

from __future__ import annotations

from shadowing.models import Placement
from shadowing.rules.visit_dates import open_change

BY_ACTION: dict[str, str] = {
    "comment": "Your comment is sent.",
    "accept_agreement": "Thank you. Your acceptance is kept, with the version and the time.",
    "tick": "",  # the tick itself is the confirmation
    "untick": "",
    "happened": "Thank you. It is noted that the visit took place.",
    "did_not_happen": "Thank you for saying so. Both sides are told.",
    "forgive": "It no longer counts against the half-days of {shadow}, who is told.",
    "propose_move": "Your dates are sent to the other side. Until they agree, the visit stands as it was.",
    "refuse_move": "The visit stands as it was agreed. The other side is told.",
    "take_back_move": "Your suggestion is taken back. The visit stands as it was agreed.",
    "allow_move": "You agreed. The visit is moved: both sides are told, and calendars follow.",
    "disallow_move": "The visit stands as it was agreed. Both sides are told.",
    "join": "Added. {shadow} is told, and everybody who takes part gets the visit for their calendar.",
    "leave": "Taken off. They are told, and it goes from their calendar.",
    "name_host": "{host} is the host now. Everybody who takes part is told, and calendars follow.",
    "let_read": "Thank you. They can read what is written from now on.",
    "keep_from": "Thank you. They cannot read what is written.",
    "cancel": "The visit is cancelled. Everybody concerned is told, and the place is offered on.",
}


def confirmation_of_visit(action: str, placement: Placement) -> str:
    """Return the message for the person who did ``action``; ``placement`` is as it is afterwards."""
    sentence = _after_accepting(placement) if action == "accept_move" else BY_ACTION.get(action, "Done.")
    return sentence.format(shadow=placement.shadow.full_name, host=placement.host.full_name)


def _after_accepting(placement: Placement) -> str:
    if open_change(placement) is not None:
        return "Thank you. These dates go beyond what the line manager agreed to, so they are asked next."
    return "You agreed. The visit is moved: everybody concerned is told, and calendars follow."
