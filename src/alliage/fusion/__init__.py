"""Fusion: trackers for sensors that do not know what they see."""
