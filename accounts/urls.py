"""URLs about people and how they sign in."""

from django.urls import path

from accounts.sso.views import connections
from accounts.views import data_export, details, profile
from accounts.views.own_email import own_email
from accounts.views.reauthentication import ReauthenticationView
from accounts.views.reset import PasswordReset

app_name = "accounts"
urlpatterns = [
    path("accounts/password/reset/", PasswordReset.as_view(), name="reset-password"),
    path("accounts/email/", own_email, name="own-email"),
    path("accounts/3rdparty/", connections, name="connections"),
    path("accounts/still-you/", ReauthenticationView.as_view(), name="still-you"),
    path("profile/", profile.profile, name="profile"),
    path("profile/people/", profile.people, name="people"),
    path("profile/details/wrong/", details.details_wrong, name="details-wrong"),
    path("profile/looked/", details.looked, name="looked"),
    path("profile/days/", profile.change_days, name="days"),
    path("profile/news/", profile.change_rhythm, name="news"),
    path("profile/held/", data_export.download, name="held"),
    path("profile/calendar/renew/", profile.renew_calendar, name="calendar-renew"),
    path("profile/deputies/", profile.add_deputy, name="deputies"),
    path("profile/deputies/<str:day>/until/", profile.change_deputy, name="deputy-until"),
    path("profile/deputies/<str:day>/end/", profile.end_deputy, name="deputy-end"),
]
