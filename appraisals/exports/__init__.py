"""Exports of appraisals: the summary as PDF, CSV and JSON, and the rows of a cycle."""
