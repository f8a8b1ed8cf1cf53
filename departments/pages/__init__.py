"""Build what the pages of the tree show."""
