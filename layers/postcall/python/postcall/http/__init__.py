"""The one HTTP client for every outside system, and how its answers are read."""
