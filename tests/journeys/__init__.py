"""Whole journeys in a real browser, with a real worker, broker, database and mail server."""
