"""What the steps of the way of a call must agree on: the domain, its ports, and their AWS side."""
