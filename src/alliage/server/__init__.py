"""The HTTP and WebSocket API: sign-in, one routes file per noun, no domain logic."""
