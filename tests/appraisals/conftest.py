"""Fixtures about time, for every test of this room."""

from tests.shadowing.clock import clock  # noqa: F401  # a fixture
