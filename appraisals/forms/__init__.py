"""Forms about appraisals: input to cleaned values; never a status."""
