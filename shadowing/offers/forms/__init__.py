"""Forms of offers: they turn input into cleaned values and never set a status."""
