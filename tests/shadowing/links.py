"""Links of mails as tests need them: the address a person gets, and a browser without a session."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from accounts.models import Person
from messaging.link_tokens import token_for
from messaging.models import Message
from shadowing.enums import DecideByEmail
from shadowing.models import Request
from tests.cast import Cast


def signed_in(person: Person) -> Client:
    """A browser with a session of ``person``."""
    client = Client()
    client.force_login(person)
    return client


def link_for(person: Person, template: str = "request_submitted_to_manager") -> str:
    """Return the address in the newest queued mail of ``template`` to ``person``."""
    mails = Message.objects.filter(recipient=person, template=template).exclude(link_nonce="")
    return reverse("shadowing:decide", args=[token_for(mails.latest("dated").link_nonce)])


def by_link_alone(cast: Cast) -> None:
    """Let the link alone suffice."""
    cast.scheme.decide_by_email = DecideByEmail.LINK_ALONE
    cast.scheme.save()


def status_of(request: Request) -> str:
    """The state as the database has it."""
    return Request.objects.values_list("status", flat=True).get(pk=request.pk)


def page(client: Client, url: str) -> tuple[int, str]:
    """Status and text of a page."""
    response = client.get(url)
    return response.status_code, response.content.decode()
