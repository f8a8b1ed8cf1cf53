"""Fixtures about mail, for every test of this room."""

from tests.accounts.gathering import clock, three  # noqa: F401  # fixtures
from tests.accounts.owed import no_rest, person, server  # noqa: F401  # fixtures
from tests.accounts.single_sign_on import provider, provider_process, sam  # noqa: F401  # fixtures
