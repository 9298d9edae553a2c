"""Stand-ins for the outside systems: the CRM, ElevenLabs and the language model, each a small server."""
