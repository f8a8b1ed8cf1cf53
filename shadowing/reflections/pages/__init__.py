"""What pages of reflections show."""
