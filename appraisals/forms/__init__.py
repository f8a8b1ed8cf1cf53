"""Forms of the appraisal app. They validate input; only the workflow changes a status."""
