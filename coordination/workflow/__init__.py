"""What coordinators do: announcements, naming coordinators, scheme settings, placing, manual reminders."""
