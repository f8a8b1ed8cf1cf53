"""Tests of shadowing/offers."""
