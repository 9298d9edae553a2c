"""The handlers that a receiver on AWS is usually made of; each runs alone, as the one file of its function."""
