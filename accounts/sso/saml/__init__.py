"""SAML 2.0, where the extra is installed and configured: redirect there, a signed POST back."""
