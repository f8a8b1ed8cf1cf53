"""URLs about mail."""

from django.conf import settings
from django.urls import path, re_path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from messaging.views import mailbox, preferences

app_name = "messaging"
# The outbox was administered under accounts until version 0.2.
outbox_moved = require_safe(
    RedirectView.as_view(url="/admin/messaging/message/%(rest)s", permanent=True, query_string=True)
)
urlpatterns = [
    path("mail/<str:token>/", preferences.mail_choice, name="mail-choice"),
    path("mail/<str:token>/one-click/", preferences.mail_one_click, name="mail-one-click"),
    re_path(r"^admin/accounts/message/(?P<rest>.*)$", outbox_moved, name="outbox-moved"),
]
if settings.DEMO:
    urlpatterns += [
        path("mailbox/", mailbox.mailbox, name="mailbox"),
        path("mailbox/<str:name>/", mailbox.mailbox_message, name="mailbox-message"),
        path("mailbox/<str:name>/html/", mailbox.mailbox_html, name="mailbox-html"),
        path("mailbox/<str:name>/invite.ics", mailbox.mailbox_calendar, name="mailbox-calendar"),
    ]
