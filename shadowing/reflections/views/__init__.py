"""Pages of reflections."""
