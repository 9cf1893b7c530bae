"""The live picture: columnar state of every track, and what each client is sent of it."""
