"""Context of the pages of visits."""
