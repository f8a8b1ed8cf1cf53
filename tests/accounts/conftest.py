"""Fixtures about mail and single sign-on."""

from config import saml
from tests.accounts.single_sign_on import provider, provider_process, sam  # noqa: F401  # fixtures
from tests.messaging.owed import no_rest, person, server  # noqa: F401  # fixtures

if saml.is_installed():  # an optional extra
    from tests.accounts.saml_sign_on import idp, idp_process, pat  # noqa: F401  # fixtures
