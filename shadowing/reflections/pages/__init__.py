"""Context of the pages of reflections."""
