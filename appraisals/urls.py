"""URLs of the appraisals app."""

from django.urls import path

from appraisals.views import acting, appraisals, exports

app_name = "appraisals"
urlpatterns = [
    path("", appraisals.appraisal_list, name="list"),
    path("<uuid:pk>/", appraisals.appraisal_detail, name="detail"),
    path("<uuid:pk>/act/<slug:action>/", acting.appraisal_act, name="act"),
    path("<uuid:pk>/summary.pdf", exports.summary_pdf, name="summary-pdf"),
    path("<uuid:pk>/summary.csv", exports.summary_csv, name="summary-csv"),
    path("<uuid:pk>/summary.json", exports.summary_json, name="summary-json"),
    path("schema/appraisal-1.json", exports.schema, name="schema"),
]
