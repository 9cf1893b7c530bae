"""Maps that a nation brings along: where their tiles come from, and who may see them."""
