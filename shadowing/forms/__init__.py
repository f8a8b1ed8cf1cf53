"""Forms of the scheme: input to cleaned values; never a status."""
