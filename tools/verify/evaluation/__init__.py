"""The analysis' examination: labelled calls in, every metric against its gate out (docs/analysis.md, "Evaluation")."""
