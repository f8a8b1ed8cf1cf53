"""Rules of the scheme: policies, approvers, deadlines, durations, dates and progress."""
