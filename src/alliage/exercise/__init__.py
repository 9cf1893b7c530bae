"""Exercises: seeded simulators that give real feed bytes."""
