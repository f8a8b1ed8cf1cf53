"""Forms of offers: input to cleaned values; never a status."""
