"""Template tags of the departments app."""
