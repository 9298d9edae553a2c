"""analysis: a stored call becomes labels a sales manager reads."""
