"""URLs of the departments app."""

from django.urls import path

from departments.views import tree

app_name = "departments"
urlpatterns = [
    path("departments/", tree.department_list, name="list"),
    path("departments/<path:code>/", tree.department_detail, name="detail"),
]
