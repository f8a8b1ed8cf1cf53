"""Pages of the demo's mailbox, which shows every mail that was sent. Only with DEMO=1."""

from csp.decorators import csp, csp_update
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from accounts.free_text import one_line
from messaging.mailbox import PAGE_SIZE, ParsedMail, envelopes, read_mail

# For the HTML of a mail: inline styles only, no loading, no scripts, framed by this site only.
MAIL_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox", "allow-top-navigation-by-user-activation"],
}


def _mail_or_404(name: str) -> ParsedMail:
    found = read_mail(name)
    if found is None:
        raise Http404
    return found


@login_not_required
@never_cache
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """List the mails, newest first; ``?to=`` limits them to one address."""
    to = one_line(request.GET.get("to", ""), 254)
    found = envelopes(to=to, before=request.GET.get("before", "")[:40])
    shown = found[:PAGE_SIZE]
    older = shown[-1].name if len(found) > PAGE_SIZE else ""
    return render(request, "messaging/mailbox.html", {"mails": shown, "to": to, "older": older})


@login_not_required
@never_cache
@require_safe
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]  # its types know views without arguments only
def mailbox_message(request: HttpRequest, name: str) -> HttpResponse:
    """Show one mail: text, HTML in a frame, calendar events in words, headers."""
    return render(request, "messaging/mailbox_message.html", {"letter": _mail_or_404(name)})


@login_not_required
@never_cache
@require_safe
@xframe_options_sameorigin
@csp(MAIL_POLICY)  # type: ignore[arg-type]  # as above
def mailbox_html(request: HttpRequest, name: str) -> HttpResponse:
    """Return the HTML part alone; its links open in the whole window."""
    html = _mail_or_404(name).html
    if not html:
        raise Http404
    return HttpResponse(html.replace("<head>", '<head><base target="_top">', 1))


@login_not_required
@never_cache
@require_safe
def mailbox_calendar(request: HttpRequest, name: str) -> HttpResponse:
    """Return the calendar part as a file."""
    calendar = _mail_or_404(name).calendar
    if not calendar:
        raise Http404
    response = HttpResponse(calendar, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="invite.ics"'
    return response
