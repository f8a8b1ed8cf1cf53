"""Addresses of appraisals."""

from django.urls import path

from appraisals.views import acting, appraisals

app_name = "appraisals"
urlpatterns = [
    path("", appraisals.appraisal_list, name="list"),
    path("<uuid:pk>/", appraisals.appraisal_detail, name="detail"),
    path("<uuid:pk>/act/<slug:action>/", acting.appraisal_act, name="act"),
]
