"""Bearer tokens: given out once, kept as hashes only."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

TOKEN_BYTES: Final = 32


def new_token() -> str:
    """256 random bits, safe in a cookie or a URL fragment."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(token: str) -> bytes:
    """What is kept of a token. Tokens are random, so one round of SHA-256 suffices."""
    return hashlib.sha256(token.encode()).digest()


def csrf_token(session_token: str) -> str:
    """The value that unsafe requests of a session carry in a header; derived, never stored."""
    return hmac.new(session_token.encode(), b"alliage csrf", hashlib.sha256).hexdigest()
