"""Pages of the appraisal year."""
