"""The local stack: an emulated AWS, the CRM simulator and the synthesized template, on loopback only."""
