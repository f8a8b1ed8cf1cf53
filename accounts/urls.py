"""Addresses about people and their mail."""

from django.conf import settings
from django.urls import path

from accounts.views import mailbox
from accounts.views.own_email import own_email

app_name = "accounts"
urlpatterns = [path("accounts/email/", own_email, name="own-email")]
if settings.DEMO:
    urlpatterns += [
        path("mailbox/", mailbox.mailbox, name="mailbox"),
        path("mailbox/<str:name>/", mailbox.mailbox_message, name="mailbox-message"),
        path("mailbox/<str:name>/html/", mailbox.mailbox_html, name="mailbox-html"),
        path("mailbox/<str:name>/invite.ics", mailbox.mailbox_calendar, name="mailbox-calendar"),
    ]
