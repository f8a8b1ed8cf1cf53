"""Forms of the desk. They validate input; only the workflow changes a status."""
