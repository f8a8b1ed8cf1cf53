"""Form class of each action on an agreed visit; an action without an entry has no URL."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from shadowing.placements.forms.action_forms import VisitForm
from shadowing.placements.forms.before_visits import AcceptForm, CommentForm, TickForm
from shadowing.placements.forms.joining import JOINING_FORMS
from shadowing.placements.forms.moving import MOVING_FORMS
from shadowing.placements.forms.placements import CancelForm
from shadowing.placements.forms.visiting import VISITING_FORMS

VISIT_FORMS: Mapping[str, type[VisitForm]] = MappingProxyType(
    {
        "cancel": CancelForm,
        **VISITING_FORMS,
        **MOVING_FORMS,
        **JOINING_FORMS,
        "comment": CommentForm,
        "accept_agreement": AcceptForm,
        "tick": TickForm,
        "untick": TickForm,
    }
)
