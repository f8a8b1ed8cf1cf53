"""Tests of shadowing/mail."""
