"""`make fast`: in seconds, lint, types and the tests of what changed since main, the nearest first."""
