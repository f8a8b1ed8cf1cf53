"""Tests of shadowing/placements."""
