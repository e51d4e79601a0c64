"""Measurements beside the clients that a user would pick instead: `python -m benchmarks`."""
