"""Appraisal years, appraisals and their objectives. Knows nothing of shadowing."""
