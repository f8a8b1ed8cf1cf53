"""Front page, inbox, team page, help."""
