"""What outside tools find in the templates, each finding with its answer: docs/answers.md."""
