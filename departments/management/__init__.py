"""Commands of the departments app."""
