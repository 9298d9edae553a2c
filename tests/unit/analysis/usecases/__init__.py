"""Tests of what analysis does with a message: once, and anew when it is ordered."""
