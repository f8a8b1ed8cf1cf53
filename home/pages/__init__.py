"""Build what these pages show: rows and cards."""
