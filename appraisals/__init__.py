"""Appraisal years, appraisals and their objectives. Imports nothing from ``shadowing``."""
