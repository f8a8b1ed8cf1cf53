"""What the pages of the tree show."""
