"""The site's URLs plus one page that raises the database error of a query with bad input."""

from django.urls import path

from config import urls
from tests.accounts import test_bad_input

handler500 = urls.handler500
urlpatterns = [path("breaking/", test_bad_input.breaking), *urls.urlpatterns]
