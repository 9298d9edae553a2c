"""The load proof: send signed webhooks at a steady rate, then look for every single id at the CRM and in the store."""
