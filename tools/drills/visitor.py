"""HTTP clients of signed-in people, who ask for places with the site's own form."""

from __future__ import annotations

import http.client
import re
import secrets
import string
import time
import uuid
from dataclasses import dataclass
from urllib.parse import urlencode

from tools.drills.organisation import Organisation, Shadow

TIMEOUT = 60.0
LETTERS = string.ascii_letters + string.digits
OBJECTIVE = "Understand how a service desk sorts its calls."
_FIELD = re.compile(r'<input[^>]*name="(csrfmiddlewaretoken|form_id)"[^>]*value="([^"]+)"')
_COOKIE = re.compile(r"csrftoken=([^;]+)")


@dataclass(frozen=True)
class Answer:
    """A response; ``status`` is 0 when there was none, and ``words`` then says why."""

    status: int
    seconds: float
    location: str = ""
    words: str = ""
    cookie: str = ""


@dataclass(frozen=True)
class SubmittedRequest:
    """One form sent; ``waited``: seconds from the time at which it was due until the answer came."""

    shadow: Shadow
    form_id: str
    answer: Answer
    at: float
    waited: float

    @property
    def acknowledged(self) -> bool:
        """Whether the site redirected to the request's page."""
        return self.answer.status in {302, 303} and self.answer.location.startswith("/requests/")


class Client:
    """One connection to the site, kept open as a browser does; use each from one thread."""

    def __init__(self, port: int, *, timeout: float = TIMEOUT) -> None:
        self.port, self.timeout = port, timeout
        self._connection: http.client.HTTPConnection | None = None

    def get(self, path: str, who: Shadow | None = None) -> Answer:
        """Fetch a page, as a signed-in person or as nobody."""
        return self._asked("GET", path, who, None, "")

    def post(self, path: str, fields: dict[str, str], who: Shadow, *, csrf: str = "") -> Answer:
        """Send a form with its CSRF token: ``csrf`` as the cookie holds it, or a new one."""
        token = csrf or "".join(secrets.choice(LETTERS) for _ in range(32))
        return self._asked("POST", path, who, {"csrfmiddlewaretoken": token, **fields}, token)

    def _asked(
        self, method: str, path: str, who: Shadow | None, fields: dict[str, str] | None, csrf: str
    ) -> Answer:
        began = time.monotonic()
        cookies = {"sessionid": who.session if who else "", "csrftoken": csrf}
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items() if value)}
        body = urlencode(fields) if fields is not None else None
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            return self._answer(method, path, body, headers, began)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            return Answer(0, time.monotonic() - began, words=f"{type(error).__name__}: {error}")

    def _answer(
        self, method: str, path: str, body: str | None, headers: dict[str, str], began: float
    ) -> Answer:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        words = response.read().decode(errors="replace")
        given = _COOKIE.search(response.headers.get("Set-Cookie") or "")
        if response.headers.get("Connection", "").lower() == "close":
            self.close()
        return Answer(
            response.status,
            time.monotonic() - began,
            location=response.headers.get("Location") or "",
            words=words,
            cookie=given.group(1) if given else "",
        )

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def ask(
        self, who: Shadow, organisation: Organisation, *, form_id: str = "", offer: int = 0, due: float = 0
    ) -> SubmittedRequest:
        """Send the form for a place. ``form_id``: of a form sent before.

        ``due``: when it should have been sent.
        """
        chosen = organisation.offers[offer]
        form_id, at = form_id or str(uuid.uuid4()), time.time()
        fields = {
            "form_id": form_id,
            "objective_1": OBJECTIVE,
            "session": chosen.session,
            "agreement": "on",
        }
        answer = self.post(f"/offers/{chosen.pk}/request/", fields, who)
        return SubmittedRequest(who, form_id, answer, at, time.time() - (due or at))

    def fill_in(
        self, who: Shadow, organisation: Organisation, *, offer: int = 0, due: float = 0
    ) -> SubmittedRequest:
        """Open the form, then send it with the id and the token it contains."""
        path = f"/offers/{organisation.offers[offer].pk}/request/"
        at = time.time()
        page = self.get(path, who)
        found = dict(_FIELD.findall(page.words))
        if page.status != 200 or len(found) != 2:
            return SubmittedRequest(who, str(uuid.uuid4()), page, at, time.time() - (due or at))
        fields = {
            "form_id": found["form_id"],
            "objective_1": OBJECTIVE,
            "session": organisation.offers[offer].session,
            "agreement": "on",
            "csrfmiddlewaretoken": found["csrfmiddlewaretoken"],
        }
        answer = self.post(path, fields, who, csrf=page.cookie)
        return SubmittedRequest(who, found["form_id"], answer, at, time.time() - (due or at))
