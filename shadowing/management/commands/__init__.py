"""Commands of the scheme."""
