"""Benchmarks: what the site can do in a second, beside a bare minimum measured in the same run."""
