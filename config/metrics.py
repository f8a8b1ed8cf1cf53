"""``/metrics`` for Prometheus; requires METRICS_TOKEN, and is a 404 if none is set."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import CollectorRegistry

from config.next_door import has_metrics_token

COLLECTORS = ("messaging.metrics.BacklogCollector",)
PLAIN = "text/plain; charset=utf-8"


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the metrics as text; 401 without the token, 503 while the database is away."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not has_metrics_token(request):
        refusal = HttpResponse("Send “Authorization: Bearer” and METRICS_TOKEN.\n", PLAIN, status=401)
        refusal["WWW-Authenticate"] = "Bearer"
        return refusal
    registry = CollectorRegistry(auto_describe=False)
    for name in COLLECTORS:
        registry.register(import_string(name)())
    try:
        return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
    except DatabaseError:
        return HttpResponse("The database does not answer.\n", PLAIN, status=503)
