"""What tests of the request and placement pages share: signing in, filling the form."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from shadowing.models import Offer, Placement, Request, Session

OBJECTIVE = "Understand how a service desk sorts its calls."


def signed_in(person: Person) -> Client:
    """A browser in which ``person`` has signed in."""
    client = Client()
    client.force_login(person)
    return client


def get(person: Person, url: str) -> Any:
    """The page ``person`` gets."""
    return signed_in(person).get(url)


def post(person: Person, url: str, **given: Any) -> Any:
    """What ``person`` gets for sending a form."""
    return signed_in(person).post(url, given)


def filled(on: Session, **given: Any) -> dict[str, Any]:
    """The form for a place, filled in with what is needed."""
    return {
        "form_id": str(uuid.uuid4()),
        "objective_1": OBJECTIVE,
        "session": str(on.pk),
        "agreement": "on",
        **given,
    }


def ask_url(offer: Offer) -> str:
    """Where a place of ``offer`` is asked for."""
    return reverse("shadowing:request-create", args=[offer.pk])


def edit_url(request: Request) -> str:
    """Where a draft or a sent-back request is changed."""
    return reverse("shadowing:request-edit", args=[request.pk])


def act_url(record: Request | Placement, action: str) -> str:
    """Where an action on a request or a placement is sent."""
    kind = "request" if isinstance(record, Request) else "placement"
    return reverse(f"shadowing:{kind}-act", args=[record.pk, action])


def text(response: HttpResponse) -> str:
    """The page as it was sent."""
    return response.content.decode()


def page_of(person: Person, record: Request | Placement) -> str:
    """The page of a request or a placement as ``person`` sees it."""
    return text(get(person, record.get_absolute_url()))
