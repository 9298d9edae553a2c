"""What callers say about their contacts, generated with the truth beside it, and the counts of what was made of it."""
