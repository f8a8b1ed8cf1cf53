"""Forms of the desk: input to cleaned values; never a status."""
