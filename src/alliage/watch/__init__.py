"""The watch: what to do about what detectors find. Incidents, their order, the watch log."""
