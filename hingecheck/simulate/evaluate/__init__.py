"""The whole check on simulated lifters that no training has seen, scored against their truth."""
