"""Context of the pages of offers."""
