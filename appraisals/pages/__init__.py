"""What the pages of appraisals show: records turned into sentences, steps and rows."""
