"""Addresses of the scheme: home, offers, requests, decisions, placements."""

from django.urls import path

from shadowing.views import (
    about,
    acting,
    approvals,
    coordinate,
    decide,
    deciding,
    feeds,
    home,
    my_offers,
    offer_forms,
    offers,
    placements,
    reflections,
    requests,
    visit_acts,
)

app_name = "shadowing"
urlpatterns = [
    path("", home.home, name="home"),
    path("offers/", offers.offer_list, name="offer-list"),
    path("offers/new/", offer_forms.offer_create, name="offer-create"),
    path("offers/mine/", my_offers.my_offers, name="my-offers"),
    path("offers/<uuid:pk>/", offers.offer_detail, name="offer-detail"),
    path("offers/<uuid:pk>/edit/", offer_forms.offer_edit, name="offer-edit"),
    path("offers/<uuid:pk>/copy/", offer_forms.offer_copy, name="offer-copy"),
    path("offers/<uuid:pk>/act/<slug:action>/", my_offers.offer_act, name="offer-act"),
    path("offers/<uuid:pk>/request/", requests.request_create, name="request-create"),
    path("requests/<uuid:pk>/", requests.request_detail, name="request-detail"),
    path("requests/<uuid:pk>/edit/", requests.request_edit, name="request-edit"),
    path("requests/<uuid:pk>/act/<slug:action>/", acting.request_act, name="request-act"),
    path("requests/", home.my_requests, name="my-requests"),
    path("requests/<uuid:pk>/decide/", deciding.request_decide, name="request-decide"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("coordinate/", coordinate.desk, name="desk"),
    path("coordinate/mail/", coordinate.desk_mail, name="desk-mail"),
    path("coordinate/mail/<uuid:pk>/again/", coordinate.send_again, name="desk-send-again"),
    path("coordinate/waiting/<uuid:pk>/remind/", coordinate.remind, name="desk-remind"),
    path("coordinate/requests/<uuid:pk>/ask-other/", coordinate.ask_other, name="desk-ask-other"),
    path("decide/<str:token>/", decide.decide, name="decide"),
    path("placements/<uuid:pk>/", placements.placement_detail, name="placement-detail"),
    path("placements/<uuid:pk>/edit/", placements.placement_edit, name="placement-edit"),
    path("placements/<uuid:pk>/act/<slug:action>/", visit_acts.placement_act, name="placement-act"),
    path("placements/<uuid:pk>/visit.ics", placements.placement_calendar, name="placement-calendar"),
    path("placements/<uuid:pk>/reflection/", reflections.reflection, name="reflection"),
    path("calendar/<str:token>.ics", feeds.calendar_feed, name="calendar-feed"),
    path("help/", about.whom_to_ask, name="help"),
    path("accessibility/", about.accessibility, name="accessibility"),
]
