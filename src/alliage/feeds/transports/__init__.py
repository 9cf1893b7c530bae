"""Transports: any of them carries any format."""
