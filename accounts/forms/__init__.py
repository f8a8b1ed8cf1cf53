"""Forms about people: input into cleaned values."""
