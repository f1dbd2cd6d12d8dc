"""Angles, filters and repetitions: pure functions on arrays."""
