"""ASGI entry point."""

from django.core.asgi import get_asgi_application

from config.startup import limit_database_time, load_pages, load_settings, refuse_demo_people

load_settings()
application = get_asgi_application()
limit_database_time()
load_pages()
refuse_demo_people()
