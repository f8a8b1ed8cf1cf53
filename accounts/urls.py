"""Addresses about people and their mail."""

from django.conf import settings
from django.urls import path

from accounts.views import mailbox

app_name = "accounts"
urlpatterns = []
if settings.DEMO:
    urlpatterns += [
        path("mailbox/", mailbox.mailbox, name="mailbox"),
        path("mailbox/<str:name>/", mailbox.mailbox_message, name="mailbox-message"),
    ]
