"""What operators order and see, a verb a file."""
