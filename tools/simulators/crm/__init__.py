"""A local stand-in for the BPMsoft CRM: the web-form service with its traps, and a window on what it saved."""
