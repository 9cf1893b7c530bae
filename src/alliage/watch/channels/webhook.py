"""The webhook: an HTTP POST, signed after Standard Webhooks 1.0 (standardwebhooks.com).

The signature is HMAC-SHA256 over message id, time and body, so that a receiver can tell that it
came from this node, that it was not changed, and that it is not an old one sent again.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
from typing import Final

import httpx

from alliage.ontology.times import Clock
from alliage.watch.channels.contract import TIMEOUT_S, Answer, ChannelError, Message, RefusedError
from alliage.watch.channels.settings import WebhookSettings
from alliage.watch.channels.trust import trust

SHORTEST_SECRET: Final = 24
_PREFIX: Final = "whsec_"
_NEVER: Final = frozenset({400, 413, 415, 422})
"""Answers that say that this very message cannot be used."""


class Webhook:
    """Posts messages to one address. It follows no redirect and reads no answer's body."""

    kind = "webhook"

    def __init__(self, settings: WebhookSettings, clock: Clock) -> None:
        """With the address, and the clock that dates signatures."""
        self._settings = settings
        self._clock = clock

    async def send(self, message: Message) -> Answer:
        """Post a message."""
        body = message.to_json()
        headers = self._headers(message.message_id, body)
        status = 0
        try:
            async with (
                asyncio.timeout(TIMEOUT_S),
                httpx.AsyncClient(
                    verify=trust(self._settings.ca_file), trust_env=False, follow_redirects=False,
                    timeout=TIMEOUT_S,
                ) as client,
                client.stream(
                    "POST", self._settings.url, content=body, headers=headers
                ) as answer,
            ):  # fmt: skip
                status = answer.status_code
        except TimeoutError:
            raise ChannelError("did not answer in time") from None
        except httpx.HTTPError as error:
            raise ChannelError(f"cannot be reached ({type(error).__name__})") from None
        if status in _NEVER:
            raise RefusedError(f"refused the message with status {status}")
        if not 200 <= status < 300:
            raise ChannelError(f"answered with status {status}")
        return Answer(f"answered with status {status}")

    def _headers(self, message_id: str, body: bytes) -> dict[str, str]:
        moment_s = self._clock.now_us() // 1_000_000
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Alliage",
            "webhook-id": message_id,
            "webhook-timestamp": str(moment_s),
            "webhook-signature": signature(
                self._settings.secret.read(), message_id, moment_s, body
            ),
        }
        if self._settings.bearer is not None:
            headers["Authorization"] = f"Bearer {self._settings.bearer.read()}"
        return headers


def signature(secret: str, message_id: str, moment_s: int, body: bytes) -> str:
    """The header ``webhook-signature``.

    Args:
        secret: ``whsec_`` and Base64, or any text of at least :data:`SHORTEST_SECRET` characters.
        message_id: as in ``webhook-id``.
        moment_s: seconds since 1970, as in ``webhook-timestamp``.
        body: of the request.

    Raises:
        ChannelError: the secret cannot be used.
    """
    signed = b".".join([message_id.encode(), str(moment_s).encode(), body])
    made = hmac.new(signing_key(secret), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(made).decode()}"


def signing_key(secret: str) -> bytes:
    """The bytes that sign.

    Raises:
        ChannelError: the secret cannot be used.
    """
    if not secret.startswith(_PREFIX):
        key = secret.encode()
    else:
        try:
            key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
        except binascii.Error:
            raise ChannelError("the secret is not whsec_ and Base64") from None
    if len(key) < SHORTEST_SECRET:
        raise ChannelError(f"the secret is shorter than {SHORTEST_SECRET} bytes")
    return key
