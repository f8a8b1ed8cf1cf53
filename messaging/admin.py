"""Admin pages of the outbox. Links that grant access are never shown."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts import audit
from accounts.admin.base import ReadOnlyAdmin
from accounts.days import moment
from accounts.enums import AuditKind, How
from accounts.views.viewer import viewer
from messaging import mail_visibility, outbox
from messaging.link_tokens import LINK
from messaging.models import Message

SENT_AGAIN = "Sent mail again that could not be delivered: {number}."
LINK_SHOWN = "[link for the recipient only]"
CODE = "Not shown: it may hold a code to sign in with."
NOT_SENT = "Not shown: it has not been sent."
FOR_ITS_READER = "Not shown: it is meant for its recipient alone."


def body_to_show(message: Message) -> str:
    """Return the text without access links if its template may be shown; else the reason why not."""
    if message.template == outbox.PLAIN:
        return CODE
    if not mail_visibility.went_out(message):
        return NOT_SENT
    if not mail_visibility.shows_text(message.template):
        return FOR_ITS_READER
    return LINK.sub(LINK_SHOWN, message.text) or "No longer kept."


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin[Message]):
    """Every mail, queued or sent."""

    list_display = ("dated", "about", "recipient", "to_email", "status", "sent_at", "attempts")
    list_display_links = ("about",)
    list_filter = ("status", "template")
    list_select_related = ("recipient", "gathered_into")
    search_fields = ("to_email", "recipient__first_name", "recipient__last_name")
    search_help_text = "Address or name of the recipient"
    fields = (
        "about", "recipient", "to_email", "template", "status", "gathered", "dated", "not_before",
        "sent_at", "attempts", "last_error", "message_id", "body",
    )  # fmt: skip
    readonly_fields = ("about", "message_id", "body", "gathered")
    actions = ("send_again",)
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        """Leave out the columns that make links or are not shown."""
        return super().get_queryset(request).defer("html", "calendar", "link_nonce")

    @admin.display(description="subject", ordering="template")
    def about(self, message: Message) -> str:
        """Return the subject, if it may be shown."""
        return mail_visibility.subject_to_show(message)

    @admin.display(description="text")
    def body(self, message: Message) -> str:
        """Return the text, if it may be shown."""
        return body_to_show(message)

    @admin.display(description="went out as part of")
    def gathered(self, message: Message) -> str:
        """Return the digest that this mail went out in, with its date; empty for none."""
        whole = message.gathered_into
        return f"{mail_visibility.SEVERAL}, {moment(whole.dated)}" if whole else ""

    def has_send_again_permission(self, request: HttpRequest) -> bool:
        """Require the permission to change messages, although messages cannot be edited."""
        return request.user.has_perm("messaging.change_message")

    @admin.action(description="Send again what could not be sent", permissions=["send_again"])
    def send_again(self, request: HttpRequest, chosen: QuerySet[Message]) -> None:
        """Put the failed ones of ``chosen`` back into the queue; sent mail is not sent twice."""
        number = outbox.requeue_failed(chosen)
        if number:
            what = SENT_AGAIN.format(number=number)
            audit.note(AuditKind.ACTED, what, actor=viewer(request), how=How.ADMIN)
            messages.success(request, f"{number} message{'s' if number > 1 else ''} will be sent again.")
        else:
            messages.warning(request, "None of these has failed, so nothing is sent again.")
