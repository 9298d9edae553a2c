"""In-memory stand-ins for the ports. They pass the same contract tests as the real adapters."""
