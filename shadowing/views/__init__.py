"""Pages of the scheme."""
