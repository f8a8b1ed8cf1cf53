"""URLs of the departments app."""

from django.urls import path, register_converter

from departments.code_addresses import DepartmentCodeConverter
from departments.views import tree

register_converter(DepartmentCodeConverter, "code")

app_name = "departments"
urlpatterns = [
    path("departments/", tree.department_list, name="list"),
    path("departments/<path:code>/", tree.department_detail, name="detail"),
]
