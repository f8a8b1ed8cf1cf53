"""Commands of the demo organisation."""
