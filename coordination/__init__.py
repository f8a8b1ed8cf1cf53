"""The coordinators' desk: what is overdue, schemes, cycles, announcements, coordinators."""
