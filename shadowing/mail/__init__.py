"""Emails about requests, visits and offers: their context, links, calendar parts and wording."""
