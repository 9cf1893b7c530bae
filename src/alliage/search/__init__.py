"""Search: full text over everything that was said, for one audience at a time."""
