"""Alliage: one picture from what allies know."""

__version__ = "0.1.0"
