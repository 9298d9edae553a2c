"""A restore, rehearsed against a local stack of its own: data is lost on purpose and brought back by the command."""
