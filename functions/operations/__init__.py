"""operations: people look at calls and act on them."""
