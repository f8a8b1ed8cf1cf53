"""What the page of a request shows."""
