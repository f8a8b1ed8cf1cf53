"""Background work: what is due, staff changes, tasks, and the commands that do the same."""
