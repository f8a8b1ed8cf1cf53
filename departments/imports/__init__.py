"""HR files of departments and people, brought in: read, judged line by line, planned, then written."""
