"""More labelled calls, made by rule from patterns whose truth is known."""
