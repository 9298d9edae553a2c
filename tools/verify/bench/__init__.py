"""Benchmarks: each figure is a ratio within one run against a stated baseline."""
