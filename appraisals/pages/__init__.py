"""Build what the pages of appraisals show: sentences, steps and rows."""
