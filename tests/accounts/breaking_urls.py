"""The site's addresses, and one page that breaks as a query with a person's input would."""

from django.urls import path

from config import urls
from tests.accounts import test_bad_input

handler500 = urls.handler500
urlpatterns = [path("breaking/", test_bad_input.breaking), *urls.urlpatterns]
