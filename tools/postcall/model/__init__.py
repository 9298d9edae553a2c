"""`model check`: what the configured server of the model can, found out with small invented questions."""
