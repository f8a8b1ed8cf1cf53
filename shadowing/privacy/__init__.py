"""Export, erasure and retention of people's data in the scheme."""
