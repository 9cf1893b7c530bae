"""Places on the Earth: distances, directions and what follows from its shape."""
