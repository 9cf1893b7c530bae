"""Page cursors: sealed, so that they say nothing to whoever carries them.

A cursor holds a position in a projection. Positions count hidden rows too, so a readable cursor
would tell a reader how much it may not see: it is encrypted and authenticated, with a key that
lives as long as the process. A cursor belongs to one route and one audience.
"""

from __future__ import annotations

import secrets
from typing import Any, Final

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from alliage.server.problems import ProblemError

_NONCE_BYTES: Final = 12
_PAD_BYTES: Final = 64


class Cursors:
    """Seals and opens the cursors of one node process."""

    def __init__(self) -> None:
        self._cipher = AESGCM(AESGCM.generate_key(bit_length=128))

    def seal(self, position: Any, scope: str) -> str:
        """Return the opaque text for a position (plain JSON data) within ``scope``."""
        plain = orjson.dumps(position)
        # Padded, so that the length does not tell how far the position is.
        padded = plain.ljust(-(-len(plain) // _PAD_BYTES) * _PAD_BYTES)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return (nonce + self._cipher.encrypt(nonce, padded, scope.encode())).hex()

    def open(self, text: str, scope: str) -> Any:
        """Return the position of a cursor that :meth:`seal` made for the same scope.

        Raises:
            ProblemError: ``bad-cursor``; altered, of another route, reader or process.
        """
        try:
            sealed = bytes.fromhex(text)
            nonce, body = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
            return orjson.loads(self._cipher.decrypt(nonce, body, scope.encode()))
        except (ValueError, InvalidTag):
            detail = "Cursors end with the session and the node's process: start from page one."
            raise ProblemError("bad-cursor", detail) from None
