"""The steps of the way of a call, one folder and one Lambda each."""
