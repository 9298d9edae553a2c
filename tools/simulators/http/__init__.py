"""What every simulated server shares: messages, sockets, faults that wait for a request, and the admin's window."""
