"""WSGI entry point: ``gunicorn config.wsgi``."""

from django.core.wsgi import get_wsgi_application

from config.content_type import without_unreadable_charset
from config.startup import limit_database_time, load_pages, load_settings, refuse_demo_people

load_settings()
application = without_unreadable_charset(get_wsgi_application())
limit_database_time()
load_pages()
refuse_demo_people()
