"""Forms of reflections."""
