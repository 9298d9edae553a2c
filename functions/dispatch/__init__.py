"""dispatch: an analysed call becomes one lead in the CRM, and each attempt stands on the record."""
