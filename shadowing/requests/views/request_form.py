"""One person's use of the request form: what prevents it, what is saved, what sending it does."""

from __future__ import annotations

from functools import cached_property

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.models import Person
from accounts.views.viewer import CONFLICT, UNPROCESSABLE
from accounts.workflow import TransitionError
from departments.models import Department, Membership
from shadowing.enums import DecisionRole, RequestStatus
from shadowing.models import Decision, Offer, Request
from shadowing.requests.forms.request_form import RequestForm
from shadowing.requests.workflow.drafting import CHANGEABLE, first_sent, new_request, write_request
from shadowing.rules.policies import can_see_offer, is_host
from shadowing.rules.rules import cap_refusal, days_of, entry_refusals

OWN_OFFER = "You host this visit yourself."
NO_DEPARTMENT = (
    "You are not entered in any department yet, so nobody could be asked to agree. "
    "Please tell your scheme’s coordinator or HR."
)
NO_SESSION = "There is no session to come at the moment. Look for another visit, or come back later."


def offer_to_ask_for(person: Person, pk: str) -> Offer:
    """Return the offer, if ``person`` may see it. Raises Http404."""
    offers = Offer.objects.select_related("department__parent__parent", "scheme", "host", "site")
    offer = get_object_or_404(offers, pk=pk)
    if not can_see_offer(person, offer):
        raise Http404
    return offer


class RequestEditor:
    """A request being written: new, or ``kept`` as a draft or sent back."""

    status_code = UNPROCESSABLE

    def __init__(self, http: HttpRequest, person: Person, offer: Offer, kept: Request | None = None) -> None:
        self.http, self.person, self.offer = http, person, offer
        self._editing = kept
        self.sending = "draft" not in http.POST
        self._form: RequestForm | None = None

    @cached_property
    def origin(self) -> Department | None:
        """The person's department, or None."""
        places = Membership.objects.filter(person=self.person)
        found = places.select_related("department__parent__parent").first()
        return found.department if found else None

    @cached_property
    def exclusion(self) -> str:
        """Why this person can never request this offer; empty if they can."""
        if is_host(self.person, self.offer):
            return OWN_OFFER
        return "" if self.origin else NO_DEPARTMENT

    @cached_property
    def live(self) -> Request | None:
        """The person's live request for this offer: the one sent, else their draft."""
        mine = Request.objects.live().filter(shadow=self.person, offer=self.offer)
        return mine.select_related("session").order_by(F("submitted_at").desc(nulls_last=True)).first()

    @cached_property
    def kept(self) -> Request | None:
        """The request that is changed here: the one being edited, or the draft for this offer."""
        if self._editing is not None:
            return self._editing
        return self.live if self.live is not None and self.live.status in CHANGEABLE else None

    @cached_property
    def earlier_request(self) -> Request | None:
        """The request that an earlier submission of this form sent, if there is one."""
        first = None if self._editing else first_sent(self.person, self.form.form_uuid)
        return first if first is not None and first.was_sent else None

    @cached_property
    def record(self) -> Request:
        """The request to write."""
        if self.kept is not None:
            self.kept.origin = self.origin or self.kept.origin
            return self.kept
        assert self.origin is not None  # noqa: S101  # who has no department is barred before
        return new_request(self.person, self.origin, self.offer, self.form.form_uuid)

    @cached_property
    def refusals(self) -> list[str]:
        """Why no place can be requested, whatever is written: shown instead of the form."""
        sentences = entry_refusals(self.record)
        if not sentences and not self.form.sessions:
            return [NO_SESSION]
        return sentences or self._cap_refusal()

    def _cap_refusal(self) -> list[str]:
        """Return the cap's sentence, if it applies to both the earliest and the latest possible day."""
        first, last = days_of((s.starts_at, s.ends_at) for s in self.form.sessions.values())
        refused = [next(cap_refusal(self.record, on), "") for on in (first, last)]
        return refused[:1] if all(refused) else []

    @property
    def form(self) -> RequestForm:
        """The form, with the submitted data or its initial values."""
        if self._form is None:
            sent = self.http.POST if self.http.method == "POST" else None
            self._form = RequestForm(
                sent,
                person=self.person,
                offer=self.offer,
                kept=self.kept,
                draft=not self.sending,
                asked_for=self.http.GET.get("session", ""),
            )
        return self._form

    def write(self) -> Request | None:
        """Save and send the request; return None when it was refused, with the errors in the form."""
        form = self.form
        if not form.is_valid():
            self.status_code = CONFLICT if form.has_error("waiting_list", "full") else UNPROCESSABLE
            if self.sending and self.refusals:
                self._conflict(self.refusals)
            return None
        try:
            accepted = bool(form.cleaned_data["agreement"])
            return write_request(
                self.record,
                form.request_fields(),
                accepted=accepted,
                send=self.sending,
                new=self.kept is None,
            )
        except TransitionError as error:
            sent = self._already_sent()
            if sent is None:
                self._conflict([error.sentence])
            return sent

    def _already_sent(self) -> Request | None:
        """Return the request, if an earlier press of the same button has sent the same words already."""
        now = Request.objects.exclude(status__in=CHANGEABLE).filter(pk=self.record.pk).first()
        return None if now is None or self.differs_from(now) else now

    def differs_from(self, first: Request) -> bool:
        """Return whether the form differs from what it contained when it created ``first``."""
        if not self.form.is_valid():
            return False
        return any(getattr(first, name) != said for name, said in self.form.request_fields().items())

    def _conflict(self, sentences: list[str]) -> None:
        self.status_code = CONFLICT
        for sentence in sentences:
            self.form.add_error(None, sentence)

    def page(self, status: int = 200) -> HttpResponse:
        """Render the page of the form."""
        context = {
            "form": self.form,
            "offer": self.offer,
            "origin": self.origin,
            "kept": self.kept,
            "question": self._question(),
            "section": "shadowing:offer-list",
        }
        return render(self.http, "shadowing/requests/request_form.html", context, status=status)

    def _question(self) -> Decision | None:
        """Return the decision in which the line manager sent the request back, with their question."""
        if self.kept is None or self.kept.status != RequestStatus.SENT_BACK:
            return None
        return Decision.objects.latest_for(self.kept, DecisionRole.LINE_MANAGER)

    def refusal(self, status: int = 200) -> HttpResponse:
        """Render the page that says why there is no form."""
        context = {
            "sentences": [self.exclusion] if self.exclusion else self.refusals,
            "offer": self.offer,
            "live": None if self.exclusion else self.live,
            "section": "shadowing:offer-list",
        }
        return render(self.http, "shadowing/requests/request_refused.html", context, status=status)
