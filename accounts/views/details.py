"""Report errors in the staff list to HR, and show the access log."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.hr_corrections import takes_mail, tell_hr
from accounts.models import Person
from accounts.pages.access_log import accesses_to, rows_of
from accounts.pages.details import details_of, wrong_form
from accounts.pages.paging import page_of
from accounts.views.profile import SECTION, form_post_only, profile_page
from accounts.views.viewer import SeeOther, viewer

SIZE = 30
CORRECTION_SENT = "We have written to HR about your {label}. It changes here once their list has changed."


@form_post_only
def details_wrong(request: HttpRequest, person: Person) -> HttpResponse:
    """Mail the correction to HR. Nothing changes here until the next import of the staff list."""
    if not takes_mail():
        raise Http404
    form = wrong_form(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        detail = next(detail for detail in details_of(person) if detail.name == given["detail"])
        try:
            tell_hr(
                person,
                detail=detail.label,
                held=detail.value,
                right=given["right"],
                today=timezone.localdate(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, CORRECTION_SENT.format(label=detail.label.lower()))
            return SeeOther(f"{reverse(SECTION)}#details")
    return profile_page(request, person, wrong=form)


@require_safe
def looked(request: HttpRequest) -> HttpResponse:
    """Show who looked at the person's data or acted for them, newest first, page by page."""
    page = page_of(request, accesses_to(viewer(request)), by="-at", size=SIZE)
    context = {"page": page, "looked": rows_of(page.rows), "section": SECTION}
    return render(request, "accounts/looked.html", context)
