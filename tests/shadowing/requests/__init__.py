"""Tests of shadowing/requests."""
