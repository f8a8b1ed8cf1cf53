"""What the page of a visit shows."""
