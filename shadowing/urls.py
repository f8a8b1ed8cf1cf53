"""URLs of offers, requests, decisions, placements, reflections and calendar feeds."""

from django.urls import path

from shadowing.offers.views import feeds, my_offers, offer_forms, offers
from shadowing.placements.views import moving, needs, placement_actions, placements, visiting
from shadowing.reflections.views import follow_ups, reflections
from shadowing.requests.views import decide, decide_by_link, request_actions, requests

app_name = "shadowing"
urlpatterns = [
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
    path("requests/<uuid:pk>/act/<slug:action>/", request_actions.request_act, name="request-act"),
    path("requests/<uuid:pk>/decide/", decide.request_decide, name="request-decide"),
    path("decide/<str:token>/", decide_by_link.decide, name="decide"),
    path("placements/<uuid:pk>/", placements.placement_detail, name="placement-detail"),
    path("placements/<uuid:pk>/edit/", placements.placement_edit, name="placement-edit"),
    path("placements/<uuid:pk>/move/", moving.placement_move, name="placement-move"),
    path("sessions/<uuid:pk>/attendance/", visiting.session_attendance, name="session-attendance"),
    path("placements/<uuid:pk>/act/<slug:action>/", placement_actions.placement_act, name="placement-act"),
    path("placements/<uuid:pk>/needs/", needs.placement_needs, name="placement-needs"),
    path("placements/<uuid:pk>/visit.ics", placements.placement_calendar, name="placement-calendar"),
    path("placements/<uuid:pk>/reflection/", reflections.reflection, name="reflection"),
    path("placements/<uuid:pk>/reflection/keep/", reflections.reflection_keep, name="reflection-keep"),
    path("placements/<uuid:pk>/thanks/", follow_ups.thanks, name="thanks"),
    path("placements/<uuid:pk>/later/", follow_ups.later, name="later"),
    path("calendar/<str:token>.ics", feeds.calendar_feed, name="calendar-feed"),
]
