"""The node's memory: signed entries, appended once, read through an audience."""
