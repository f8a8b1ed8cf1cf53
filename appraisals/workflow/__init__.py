"""The workflow of appraisals: the transition table and the effects of each transition."""
