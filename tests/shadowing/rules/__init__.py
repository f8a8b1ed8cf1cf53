"""Tests of shadowing/rules."""
