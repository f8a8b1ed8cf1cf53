"""What the scheme exports, erases and keeps of a person."""
