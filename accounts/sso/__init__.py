"""OpenID Connect as allauth speaks it, made strict."""
