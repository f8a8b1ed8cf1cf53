"""The sentence that tells why somebody was asked to decide, written from the columns of the decision."""

from __future__ import annotations

from accounts.models import Person
from shadowing.enums import Capacity, DecisionRole
from shadowing.models import Decision

# For each capacity: the sentence while an answer is awaited, and once none is needed any more.
SENTENCES: dict[Capacity, tuple[str, str]] = {
    Capacity.LINE_MANAGER: (
        "{You} are the line manager of {about}.",
        "{You} were the line manager of {about}.",
    ),
    Capacity.HEAD: (
        "{about} has no active line manager of their own; {you} head {branch}.",
        "{about} had no active line manager of their own; {you} headed {branch}.",
    ),
    Capacity.COORDINATOR: (
        "{about} has no active line manager or head of department; {you} run the scheme.",
        "{about} had no active line manager or head of department; {you} ran the scheme.",
    ),
    Capacity.HOST: ("{You} host this visit.", "{You} were to host this visit."),
    Capacity.CO_HOST: (
        "{You} host this visit with {about}, who has left.",
        "{You} were to host this visit with {about}, who has left.",
    ),
    Capacity.NAMED: (
        "{by} asks {them} to decide instead of {about}.",
        "{by} asked {them} to decide instead of {about}.",
    ),
}
TO_APPROVER = {"You": "You", "you": "you", "them": "you"}
ABOUT_APPROVER = {"You": "They", "you": "they", "them": "them"}
# Said where the release before this one stored the sentence alone.
A_BRANCH, A_COORDINATOR, ANOTHER = "a department above", "A coordinator", "somebody else"


def reason_sentence(
    capacity: str,
    *,
    about: str = "",
    branch: str = "",
    by: str = "",
    past: bool = False,
    to_them: bool = True,
) -> str:
    """Return why somebody was asked in ``capacity``; ``to_them`` addresses them, else it is about them.

    ``about``, ``branch`` and ``by`` are names. Returns "" for an unknown capacity.
    """
    if capacity not in SENTENCES:
        return ""
    sentence = SENTENCES[Capacity(capacity)][past]
    address = TO_APPROVER if to_them else ABOUT_APPROVER
    return sentence.format(about=about, branch=branch or A_BRANCH, by=by or A_COORDINATOR, **address)


def why_asked(decision: Decision, *, past: bool = False, to_them: bool = True) -> str:
    """Return why the person was asked, with names as the page or mail shows them.

    Returns "" where no reason was stored, or retention or an erasure removed it.
    """
    if not decision.why_asked:
        return ""
    about = _person_meant(decision)
    return reason_sentence(
        decision.asked_as,
        about=about.full_name if about else ANOTHER,
        branch=decision.asked_branch,
        by=decision.named_by.full_name if decision.named_by else "",
        past=past,
        to_them=to_them,
    )


def _person_meant(decision: Decision) -> Person | None:
    """Return the person the reason is about; without a query where it is the shadow or the host."""
    request = decision.request
    on_shadows_side = decision.role == DecisionRole.LINE_MANAGER
    side = request.shadow if on_shadows_side else request.offer.host
    if decision.asked_about_id is None:
        return side if decision.asked_as != Capacity.NAMED else None
    return side if decision.asked_about_id == side.pk else decision.asked_about
