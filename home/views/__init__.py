"""Views of the front page, inbox, team page and help."""
