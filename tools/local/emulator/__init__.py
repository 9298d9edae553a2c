"""The emulated AWS: ministack, in a virtual environment of its own, with its gaps closed."""
