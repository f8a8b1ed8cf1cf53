"""Playing an administrator who imports HR files by the page."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from departments.models import HrImport

LIST, ADD = "admin:departments_hrimport_changelist", "admin:departments_hrimport_add"
HEADER = "staff_number,email,first_name,last_name,department_code,line_manager_email,active"


def upload(client: Client, content: str | bytes, name: str = "hr.csv", **given: Any) -> Any:
    body = content.encode() if isinstance(content, str) else content
    form = {"kind": "people", "most_leavers": "5", "file": SimpleUploadedFile(name, body), "whole": "yes"}
    return client.post(reverse(ADD), {**form, **given})


def uploaded(client: Client, *lines: str, **given: Any) -> HrImport:
    answer = upload(client, "\n".join([HEADER, *lines]), **given)
    assert answer.status_code == 303, answer.content.decode()
    return HrImport.objects.get()


def page(client: Client, job: HrImport) -> str:
    return " ".join(client.get(job.get_absolute_url()).content.decode().split())


def confirm(client: Client, job: HrImport, **given: str) -> Any:
    return client.post(f"{job.get_absolute_url()}confirm/", {"plan": job.plan, **given})
