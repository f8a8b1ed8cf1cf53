"""Forms of requests: input to cleaned values; never a status."""
