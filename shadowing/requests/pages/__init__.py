"""Context of the pages of requests."""
