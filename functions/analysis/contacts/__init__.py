"""Phones, e-mails and names: found by code, so that no model writes a digit."""
