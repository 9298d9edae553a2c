"""A real model server for the contract tests (`make verify-model`)."""
