"""`postcall`: the operator's command line, over the same HTTP API that the console uses."""
