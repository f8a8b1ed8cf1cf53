"""Addresses about people and their mail."""

from django.conf import settings
from django.urls import path

from accounts.sso.views import connections
from accounts.views import details, held, mailbox, preferences, profile
from accounts.views.own_email import own_email
from accounts.views.reset import PasswordReset
from accounts.views.still_you import StillYou

app_name = "accounts"
urlpatterns = [
    path("accounts/password/reset/", PasswordReset.as_view(), name="reset-password"),
    path("accounts/email/", own_email, name="own-email"),
    path("accounts/3rdparty/", connections, name="connections"),
    path("accounts/still-you/", StillYou.as_view(), name="still-you"),
    path("profile/", profile.profile, name="profile"),
    path("profile/people/", profile.people, name="people"),
    path("profile/details/wrong/", details.details_wrong, name="details-wrong"),
    path("profile/looked/", details.looked, name="looked"),
    path("profile/days/", profile.change_days, name="days"),
    path("profile/news/", profile.change_rhythm, name="news"),
    path("profile/held/", held.held, name="held"),
    path("profile/calendar/renew/", profile.renew_calendar, name="calendar-renew"),
    path("profile/deputies/", profile.add_deputy, name="deputies"),
    path("profile/deputies/<str:day>/until/", profile.change_deputy, name="deputy-until"),
    path("profile/deputies/<str:day>/end/", profile.end_deputy, name="deputy-end"),
    path("mail/<str:token>/", preferences.mail_choice, name="mail-choice"),
    path("mail/<str:token>/one-click/", preferences.mail_one_click, name="mail-one-click"),
]
if settings.DEMO:
    urlpatterns += [
        path("mailbox/", mailbox.mailbox, name="mailbox"),
        path("mailbox/<str:name>/", mailbox.mailbox_message, name="mailbox-message"),
        path("mailbox/<str:name>/html/", mailbox.mailbox_html, name="mailbox-html"),
        path("mailbox/<str:name>/invite.ics", mailbox.mailbox_calendar, name="mailbox-calendar"),
    ]
