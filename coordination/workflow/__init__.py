"""What coordinators do: announcements, coordinators, scheme settings, placing, reminders."""
