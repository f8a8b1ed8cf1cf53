"""Front page, inbox, team page and help: they compose what the other apps own."""
