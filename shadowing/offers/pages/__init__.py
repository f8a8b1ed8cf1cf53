"""What pages of offers show."""
