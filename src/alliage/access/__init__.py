"""Who may see what: principals, accounts, and the making of audiences."""
