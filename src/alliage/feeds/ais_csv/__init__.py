"""Position reports of ships that somebody decoded already, as a table."""
