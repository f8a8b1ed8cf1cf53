"""Management commands of the schedule."""
