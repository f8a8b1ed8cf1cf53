"""Test that data stored under the outbox's old label in ``accounts`` still works."""

from __future__ import annotations

import uuid
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client

from accounts.admin.records import subject_link
from accounts.models import Person
from messaging.models import Message
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> Person:
    """Somebody who may change mail by a group that was made before the move."""
    ContentType.objects.get_for_model(Message).delete()
    ContentType.objects.clear_cache()
    before = ContentType.objects.create(app_label="accounts", model="message")
    group = Group.objects.create(name="Post room")
    group.permissions.add(Permission.objects.create(content_type=before, codename="change_message"))
    person = PersonFactory.create(is_staff=True)
    person.groups.add(group)
    return person


def test_permission_of_a_group_follows_the_model(clerk: Person) -> None:
    migration = import_module("messaging.migrations.0001_initial")
    migration.take_permissions_along(apps, type("Editor", (), {"connection": connection}))
    ContentType.objects.clear_cache()
    assert clerk.has_perm("messaging.change_message")
    assert not ContentType.objects.filter(app_label="accounts", model="message").exists()


def test_old_admin_address_redirects(client: Client, clerk: Person) -> None:
    client.force_login(clerk)
    answer = client.get("/admin/accounts/message/?status__exact=failed")
    assert (answer.status_code, answer["Location"]) == (301, "/admin/messaging/message/?status__exact=failed")


def test_old_label_in_append_only_records_links_to_the_message() -> None:
    key = uuid.uuid4()
    assert f"/admin/messaging/message/{key}/change/" in subject_link("accounts.message", key)
