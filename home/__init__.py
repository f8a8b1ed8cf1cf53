"""Front page, inbox, team page and help. They combine data of the other apps."""
