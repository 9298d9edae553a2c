"""Everything about asking a language model: what it is shown, what it may answer, what its failures mean."""
