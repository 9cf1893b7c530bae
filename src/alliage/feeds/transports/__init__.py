"""Transports: how bytes reach the node. Any of them carries any format."""
