"""URLs of the home app."""

from django.urls import path

from home.views import about, approvals, home, team

app_name = "home"
urlpatterns = [
    path("", home.home, name="home"),
    path("requests/", home.my_requests, name="my-requests"),
    path("team/", team.team, name="team"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("help/", about.whom_to_ask, name="help"),
    path("accessibility/", about.accessibility, name="accessibility"),
]
