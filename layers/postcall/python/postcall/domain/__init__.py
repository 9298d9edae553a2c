"""The call and what happens to it, in plain Python: no AWS, no HTTP, no model client."""
