"""intake: a genuine call is stored once and handed on; the caller gets its answer at once."""
