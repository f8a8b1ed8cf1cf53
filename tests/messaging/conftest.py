"""Fixtures about mail."""

from tests.messaging.gathering import clock, three  # noqa: F401  # fixtures
from tests.messaging.owed import no_rest, person, server  # noqa: F401  # fixtures
