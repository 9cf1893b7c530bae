"""Feeds: one folder per format. Bytes go in, observation batches and statements come out."""
