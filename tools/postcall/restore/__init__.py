"""`postcall restore`: bring back what the tables held at a moment, without touching what they hold now."""
