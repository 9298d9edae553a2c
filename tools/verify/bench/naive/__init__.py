"""Handlers as they are usually written: all imported and made at import. The baseline of the cold-start bench."""
