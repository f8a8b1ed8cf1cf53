"""Template tags of the shadowing app."""
