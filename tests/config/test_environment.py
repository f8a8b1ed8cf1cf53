"""Test that a missing or wrong variable stops the start with a sentence that names it."""

import subprocess
import sys

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from config.demo import SEALING_KEY
from config.environment import LOG_LEVELS, Environment
from tools.check import PRODUCTION
from tools.paths import ROOT


def environment(**variables: str) -> Environment:
    return Environment(variables)


def test_text_is_stripped() -> None:
    assert environment(SITE_NAME="  Crossing ").text("SITE_NAME") == "Crossing"


def test_text_missing_names_the_variable() -> None:
    with pytest.raises(ImproperlyConfigured, match="^DEFAULT_FROM_EMAIL is not set"):
        environment().text("DEFAULT_FROM_EMAIL", relaxed="x")


@pytest.mark.parametrize("mode", ["DEMO", "DEBUG"])
def test_text_is_relaxed_in_demo_and_debug(mode: str) -> None:
    assert environment(**{mode: "1"}).text("DEFAULT_FROM_EMAIL", relaxed="x") == "x"


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("", False)]
)
def test_flag_reads_usual_words(value: str, *, expected: bool) -> None:
    assert environment(DEMO=value).flag("DEMO") is expected


def test_flag_refuses_other_words() -> None:
    with pytest.raises(ImproperlyConfigured, match="^DEBUG is “maybe”"):
        environment(DEBUG="maybe")


def test_number_refuses_words() -> None:
    assert environment().number("TRUSTED_PROXIES", default=0) == 0
    with pytest.raises(ImproperlyConfigured, match="^TRUSTED_PROXIES is “two”"):
        environment(TRUSTED_PROXIES="two").number("TRUSTED_PROXIES", default=0)


def test_hosts_refuse_a_star() -> None:
    for switch in ("0", "1"):
        with pytest.raises(ImproperlyConfigured, match="^ALLOWED_HOSTS"):
            environment(DEMO=switch, ALLOWED_HOSTS="*").hosts("ALLOWED_HOSTS", relaxed="x")


def test_secret_refuses_a_short_one_in_production() -> None:
    assert environment(SECRET_KEY="s" * 32).secret("SECRET_KEY", relaxed="x") == "s" * 32
    with pytest.raises(ImproperlyConfigured, match="^SECRET_KEY has 5 characters"):
        environment(SECRET_KEY="short").secret("SECRET_KEY", relaxed="x")


def test_address_loses_its_last_slash() -> None:
    assert environment(SITE_URL="https://a.example/").address("SITE_URL") == "https://a.example"


@pytest.mark.parametrize("value", ["a.example", "ftp://a.example", "https://"])
def test_address_refuses_what_is_none(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="^SITE_URL is"):
        environment(SITE_URL=value).address("SITE_URL")


def test_origins_refuse_a_bare_host() -> None:
    with pytest.raises(ImproperlyConfigured, match="^CSRF_TRUSTED_ORIGINS holds “a.example”"):
        environment(CSRF_TRUSTED_ORIGINS="a.example").origins("CSRF_TRUSTED_ORIGINS", default="")


def test_log_level_takes_any_case() -> None:
    assert environment(LOG_LEVEL="debug").one_of("LOG_LEVEL", LOG_LEVELS, default="INFO") == "DEBUG"
    with pytest.raises(ImproperlyConfigured, match="^LOG_LEVEL"):
        environment(LOG_LEVEL="loud").one_of("LOG_LEVEL", LOG_LEVELS, default="INFO")


def test_time_zone_refuses_an_unknown_one() -> None:
    assert environment().time_zone("TIME_ZONE", default="Europe/London") == "Europe/London"
    with pytest.raises(ImproperlyConfigured, match="^TIME_ZONE is “Mars”"):
        environment(TIME_ZONE="Mars").time_zone("TIME_ZONE", default="Europe/London")


def test_database_over_a_socket() -> None:
    found = environment(DATABASE_URL="postgres://app@/app?host=/run/here").database("DATABASE_URL")
    assert (found["HOST"], found["NAME"], found["OPTIONS"]) == ("/run/here", "app", {})


def test_database_over_the_network() -> None:
    found = environment(DATABASE_URL="postgres://u:p@db:5433/app?sslmode=require").database("DATABASE_URL")
    assert (found["HOST"], found["PORT"], found["OPTIONS"]) == ("db", 5433, {"sslmode": "require"})


@pytest.mark.parametrize("value", ["mysql://u@db/app", "postgres://db", "db"])
def test_database_refuses_others(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="^DATABASE_URL must look like"):
        environment(DATABASE_URL=value).database("DATABASE_URL")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("redis://h:6379/2", ("redis://h:6379/2", "redis://h:6379/2")),
        ("unix:///run/b.sock?db=3", ("unix:///run/b.sock?db=3", "redis+socket:///run/b.sock?virtual_host=3")),
        ("redis+socket:///b.sock", ("unix:///b.sock?db=0", "redis+socket:///b.sock?virtual_host=0")),
    ],
)
def test_broker_in_both_spellings(value: str, expected: tuple[str, str]) -> None:
    assert environment(REDIS_URL=value).broker("REDIS_URL") == expected


def test_broker_refuses_others() -> None:
    with pytest.raises(ImproperlyConfigured, match="^REDIS_URL must look like"):
        environment(REDIS_URL="amqp://h").broker("REDIS_URL")


def test_mail_refuses_others() -> None:
    assert environment(EMAIL_URL="smtp+tls://u:p@h:587").mail("EMAIL_URL", relaxed="")["EMAIL_USE_TLS"]
    with pytest.raises(ImproperlyConfigured, match="^EMAIL_URL must look like"):
        environment(EMAIL_URL="post://h").mail("EMAIL_URL", relaxed="")


REQUIRED = (
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "SITE_URL",
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "DEFAULT_FROM_EMAIL",
)


def start(**variables: str) -> subprocess.CompletedProcess[str]:
    """Load the settings as manage.py, the web server and the worker do."""
    command = [sys.executable, "-c", "from config.startup import load_settings; load_settings()"]
    return subprocess.run(command, env=variables, cwd=ROOT, capture_output=True, text=True, check=False)


CHOSEN = {**PRODUCTION, "DJANGO_SETTINGS_MODULE": "config.settings.chosen"}


@pytest.mark.parametrize("name", REQUIRED)
def test_production_without_required_variable_names_it(name: str) -> None:
    ended = start(**{key: value for key, value in CHOSEN.items() if key != name})
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Cannot start: {name} is not set")
    assert len(ended.stderr.splitlines()) == 1


def test_production_starts_with_all_of_them() -> None:
    assert start(**CHOSEN).returncode == 0


def test_production_refuses_plain_http() -> None:
    ended = start(**{**CHOSEN, "SITE_URL": "http://shadowing.example.ac.uk"})
    assert ended.stderr.startswith("Cannot start: SITE_URL is “http://")


def test_production_settings_refuse_the_demo() -> None:
    ended = start(**{**PRODUCTION, "DEMO": "1"})
    assert ended.stderr.startswith("Cannot start: DEBUG and DEMO must be off")


def test_single_sign_on_needs_all_of_its_variables() -> None:
    ended = start(**CHOSEN, OIDC_ISSUER="https://login.example.ac.uk", OIDC_CLIENT_ID="crossing")
    assert ended.stderr.startswith("Cannot start: OIDC_CLIENT_SECRET is not set")


def test_single_sign_on_is_encrypted_in_production() -> None:
    plain = {"OIDC_ISSUER": "http://login.example.ac.uk/"}
    with pytest.raises(ImproperlyConfigured, match="must start with https://"):
        Environment(plain).issuer("OIDC_ISSUER")
    assert Environment({**plain, "DEMO": "1"}).issuer("OIDC_ISSUER") == "http://login.example.ac.uk"
    whole = {"OIDC_ISSUER": "https://login.example.ac.uk/a/.well-known/openid-configuration"}
    assert Environment(whole).issuer("OIDC_ISSUER") == "https://login.example.ac.uk/a"
    assert Environment({}).issuer("OIDC_ISSUER") == ""


SECOND_STEP = "from config.settings.chosen import REQUIRE_SECOND_FACTOR as it; print(it)"


DEMO = {"DEMO": "1", "SITE_URL": "http://127.0.0.1:8000", "ALLOWED_HOSTS": "127.0.0.1"}


@pytest.mark.parametrize(("given", "expected"), [({}, "admins"), (DEMO, "none")])
def test_second_step_is_required_of_administrators_in_production(
    given: dict[str, str], expected: str
) -> None:
    command = [sys.executable, "-c", SECOND_STEP]
    ended = subprocess.run(
        command, env={**CHOSEN, **given}, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert ended.stdout.strip() == expected


def test_second_step_is_one_of_the_known_words() -> None:
    assert "REQUIRE_SECOND_FACTOR" in start(**CHOSEN, REQUIRE_SECOND_FACTOR="some").stderr


def test_sealing_keys_are_newest_first_and_may_be_none() -> None:
    keys = [Fernet.generate_key().decode() for _ in range(2)]
    read = environment(ENCRYPTION_KEYS=f"{keys[0]}, {keys[1]}").sealing_keys("ENCRYPTION_KEYS", relaxed="x")
    assert read == keys
    assert environment().sealing_keys("ENCRYPTION_KEYS", relaxed=SEALING_KEY) == []


@pytest.mark.parametrize("mode", ["DEMO", "DEBUG"])
def test_sealing_key_of_the_demo_is_for_demo_and_debug_alone(mode: str) -> None:
    read = environment(**{mode: "1"}).sealing_keys("ENCRYPTION_KEYS", relaxed=SEALING_KEY)
    assert read == [SEALING_KEY]


@pytest.mark.parametrize("wrong", ["short", "ü" * 44, "x" * 44])
def test_sealing_key_that_is_none_is_named_but_not_shown(wrong: str) -> None:
    good = Fernet.generate_key().decode()
    with pytest.raises(ImproperlyConfigured, match="^ENCRYPTION_KEYS: key 2 of 2 is none") as refused:
        environment(ENCRYPTION_KEYS=f"{good},{wrong}").sealing_keys("ENCRYPTION_KEYS", relaxed="x")
    assert wrong not in str(refused.value)
    assert good not in str(refused.value)


def test_contact_is_an_address_a_page_or_nobody() -> None:
    assert environment().contact("HR_CONTACT") == ""
    assert environment(HR_CONTACT="hr@example.ac.uk").contact("HR_CONTACT") == "hr@example.ac.uk"
    assert (
        environment(HR_CONTACT="https://hr.example.ac.uk/").contact("HR_CONTACT")
        == "https://hr.example.ac.uk"
    )
    for wrong in ("ask Jane", "javascript:alert(1)", "https://", "hr@"):
        with pytest.raises(ImproperlyConfigured, match="^HR_CONTACT is"):
            environment(HR_CONTACT=wrong).contact("HR_CONTACT")
