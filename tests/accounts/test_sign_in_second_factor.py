"""Test second factors: secrets are encrypted, and administrators need one where it is required."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from cryptography.fernet import Fernet
from django.core.checks import run_checks
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Person
from accounts.sign_in.second_factor import METHODS
from tests.cast import member
from tests.factories import PASSWORD, DepartmentFactory, PersonFactory
from tests.signing import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Person:
    return PersonFactory.create(is_staff=True, is_superuser=True)


def code_of(secret: str) -> str:
    return str(auth.format_hotp_value(auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time()))))


def with_totp(person: Person) -> str:
    secret = str(auth.generate_totp_secret())
    auth.TOTP.activate(person, secret)
    return secret


# --- sealed at rest -----------------------------------------------------------------------------------------


def test_secrets_and_recovery_codes_are_sealed_and_work(client: Client, settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    person = PersonFactory.create()
    secret = with_totp(person)
    codes = RecoveryCodes.activate(person)
    assert [one.data.get("secret", one.data.get("seed"))[:7] for one in Authenticator.objects.all()] == [
        "sealed:"
    ] * 2
    assert secret not in str(Authenticator.objects.values_list("data", flat=True))
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert "_auth_user_id" in client.session
    assert codes.validate_code(codes.get_unused_codes()[0])


def test_keys_may_change_and_plain_ones_are_still_read(settings: Settings) -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    settings.ENCRYPTION_KEYS = []
    plain = get_adapter().encrypt("JBSWY3DPEHPK3PXP")
    assert plain == "JBSWY3DPEHPK3PXP"
    settings.ENCRYPTION_KEYS = [old]
    sealed = get_adapter().encrypt("JBSWY3DPEHPK3PXP")
    settings.ENCRYPTION_KEYS = [new, old]
    assert get_adapter().decrypt(sealed) == get_adapter().decrypt(plain) == "JBSWY3DPEHPK3PXP"


@pytest.mark.parametrize("keys", [[], [Fernet.generate_key().decode()]])
def test_a_lost_key_lets_nobody_in(settings: Settings, keys: list[str]) -> None:
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    person = PersonFactory.create()
    secret = with_totp(person)
    settings.ENCRYPTION_KEYS = keys
    kept = auth.TOTP(Authenticator.objects.get(user=person))
    assert not kept.validate_code(code_of(secret))
    assert not kept.validate_code(code_of(""))


def test_missing_key_hides_unusable_recovery_codes(client: Client, settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    person = PersonFactory.create()
    with_totp(person)
    code = RecoveryCodes.activate(person).get_unused_codes()[0]
    pages = ["/accounts/2fa/", "/accounts/2fa/recovery-codes/", "/accounts/2fa/recovery-codes/download/"]
    sign_in(client, person)
    assert "no longer work" not in "".join(client.get(page).content.decode() for page in pages)
    assert [code in client.get(page).content.decode() for page in pages] == [False, True, True]
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    for page in pages:
        shown = client.get(page).content.decode()
        assert "no longer work" in shown
        assert not re.search(r"\d{8}", shown.split("<main")[-1].split("</main")[0])
    client.post("/accounts/2fa/recovery-codes/generate/")
    assert "no longer work" not in client.get(pages[1]).content.decode()


def test_the_deployment_check_says_when_nothing_is_sealed(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = []
    assert "config.I001" in {one.id for one in run_checks(include_deployment_checks=True)}
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert "config.I001" not in {one.id for one in run_checks(include_deployment_checks=True)}


# --- required of administrators -----------------------------------------------------------------------------


def test_an_administrator_without_one_is_led_to_set_it_up(
    client: Client, admin: Person, settings: Settings
) -> None:
    settings.REQUIRE_SECOND_FACTOR = "admins"
    sign_in(client, admin)
    for path in (
        "/admin/",
        "/admin/accounts/person/",
        "/admin/autocomplete/?app_label=accounts",
        "/admin/x/",
        "/coordinate/cycles/",
    ):
        assert client.get(path)["Location"] == "/accounts/2fa/", path
    assert client.post("/admin/accounts/person/add/", {"email": "x@example.ac.uk"}).status_code == 302
    assert Person.objects.count() == 1
    page = client.get("/accounts/2fa/").content.decode()
    assert "Administrators need two-step sign-in here" in page


def test_session_older_than_second_factor_must_show_it(
    client: Client, admin: Person, settings: Settings
) -> None:
    settings.REQUIRE_SECOND_FACTOR = "admins"
    sign_in(client, admin)  # with the password alone, perhaps somebody else
    secret = with_totp(admin)  # set up in another browser meanwhile
    asked = client.get("/admin/accounts/person/?q=a")
    assert asked["Location"] == "/accounts/2fa/reauthenticate/?next=%2Fadmin%2Faccounts%2Fperson%2F%3Fq%3Da"
    assert client.head("/admin/jsi18n/").status_code == 302
    assert "signed in without it" in client.get(asked["Location"]).content.decode()
    shown = {"code": code_of(secret), "next": "/admin/accounts/person/?q=a"}
    assert client.post("/accounts/2fa/reauthenticate/", shown)["Location"] == shown["next"]
    assert client.get("/admin/").status_code == 200


@pytest.mark.django_db(transaction=True)  # allauth tells of it once it is stored
def test_new_second_factor_opens_administration_at_once(
    client: Client, admin: Person, settings: Settings
) -> None:
    settings.REQUIRE_SECOND_FACTOR = "admins"
    sign_in(client, admin)
    client.get("/accounts/2fa/totp/activate/")
    code = code_of(client.session["mfa.totp.secret"])
    assert client.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302
    assert client.get("/admin/").status_code == 200


def test_the_organisations_own_second_step_counts(client: Client, admin: Person, settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = "admins"
    sign_in(client, admin)
    for methods, status in ((["pwd"], 302), (["pwd", "mfa"], 200)):
        session = client.session
        session[METHODS] = methods
        session.save()
        assert client.get("/admin/").status_code == status


def test_without_the_setting_and_for_others_nothing_changes(
    client: Client, admin: Person, settings: Settings
) -> None:
    settings.REQUIRE_SECOND_FACTOR = "none"
    sign_in(client, admin)
    assert client.get("/admin/").status_code == 200
    settings.REQUIRE_SECOND_FACTOR = "admins"
    assert client.get("/profile/").status_code == 200
    client.logout()
    assert client.get("/admin/")["Location"].startswith("/admin/login/")


# --- what an administrator changes about others -------------------------------------------------------------


def change(client: Client, person: Person, **new: str) -> None:
    person.refresh_from_db()
    kept = {name: getattr(person, name) for name in ("first_name", "last_name", "email", "job_title")}
    more = {"working_pattern": person.working_pattern, "mail_rhythm": person.mail_rhythm, "is_active": "on"}
    days = ",".join(map(str, person.working_days))
    sent = {**kept, **more, "working_days": days, "staff_number": person.staff_number or "", **new}
    path = f"/admin/accounts/person/{person.pk}/change/"
    for inline in client.get(path).context["inline_admin_formsets"]:
        management = inline.formset.management_form
        sent |= {management.add_prefix(name): str(value) for name, value in management.initial.items()}
        rows = [form for form in inline.formset.forms if form.instance.pk]
        sent |= {row.add_prefix(field): str(row[field].value() or "") for row in rows for field in row.fields}
    assert client.post(path, sent).status_code == 302


def test_powers_and_addresses_of_others_ask_for_a_fresh_sign_in(client: Client, admin: Person) -> None:
    person = member(DepartmentFactory.create(), job_title="Porter")
    sign_in(client, admin, minutes_ago=60)
    change(client, person, job_title="Head porter")
    person.refresh_from_db()
    assert person.job_title == "Head porter"
    change(client, person, is_staff="on")
    change(client, person, email="taken.over@example.ac.uk")
    person.refresh_from_db()
    assert not person.is_staff
    assert person.email != "taken.over@example.ac.uk"
    asked = "/accounts/reauthenticate/"
    path = f"/admin/accounts/person/{person.pk}/change/"
    client.post(asked, {"password": PASSWORD, "next": path})  # what was posted last is carried out now
    person.refresh_from_db()
    assert person.email == "taken.over@example.ac.uk"
    sign_in(client, admin, minutes_ago=60)
    assert client.get(f"/admin/accounts/person/{person.pk}/password/")["Location"].startswith(asked)
    sign_in(client, admin)
    change(client, person, is_staff="on")
    person.refresh_from_db()
    assert person.is_staff
