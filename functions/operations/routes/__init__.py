"""The routes by subject: each reads a request, calls once, answers."""
