"""The demo organisation: its texts (content) and the builders that turn them into records."""
