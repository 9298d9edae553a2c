"""The AWS side of the ports: tables, queues, secrets, HTTP events."""
