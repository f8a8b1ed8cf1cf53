"""What leaves the house about appraisals: the summary as PDF, CSV and JSON, and the rows of a cycle."""
