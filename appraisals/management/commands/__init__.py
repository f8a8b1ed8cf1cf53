"""Commands about appraisals."""
