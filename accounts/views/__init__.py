"""Pages about people and their mail."""
