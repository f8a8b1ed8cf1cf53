"""The workflow of appraisals: its table of transitions, and their effects."""
