"""Forms of visits: input to cleaned values; never a status."""
