"""Fixtures for the tests of appraisals."""

from tests.shadowing.clock import clock  # noqa: F401  # a fixture
