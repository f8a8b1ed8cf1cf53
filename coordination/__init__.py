"""The coordinators' desk: overdue items, schemes, cycles, announcements, coordinators."""
