"""Tests of shadowing/reflections."""
