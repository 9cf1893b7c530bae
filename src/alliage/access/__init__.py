"""Who may see what: people and their rights, sign-in, and the audiences made from them."""
