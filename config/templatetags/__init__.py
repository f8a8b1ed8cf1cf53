"""Template tags that wire the apps together."""
