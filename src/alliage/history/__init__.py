"""What was said and seen over time: projections of the log that can be thrown away."""
