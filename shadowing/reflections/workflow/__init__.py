"""What is written after a visit, and who may read it."""
