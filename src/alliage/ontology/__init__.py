"""The words of Alliage: schemata, observations, claims, labels, audiences, time.

This room imports no other room. Everything else speaks in its terms.
"""
