"""HTTP and HTTPS: a response that never ends, or one that is fetched again and again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final, Literal
from urllib.parse import urlsplit

import httpx
from pydantic import Field, SecretStr, field_validator

from alliage.feeds.transports.base import (
    Arrival,
    Ended,
    FatalError,
    OnChange,
    Transport,
    TransportConfig,
)
from alliage.feeds.transports.tls import client_context
from alliage.ontology.times import Clock

BLOCK_BYTES: Final = 64 * 1024
REFUSED: Final = {401: "the credentials are not accepted", 403: "access is denied"}

# httpx writes every request's whole URL at INFO, with whatever key stands in its query.
logging.getLogger("httpx").setLevel(logging.WARNING)


class HttpConfig(TransportConfig):
    """``kind = "http"``."""

    kind: Literal["http"] = "http"
    url: str = Field(description="What to fetch, http or https.")
    interval_s: float | None = Field(
        default=None, ge=0.1, description="Fetch again and again; absent: one endless response."
    )
    headers: dict[str, SecretStr] = Field(default={}, description="Request headers, kept secret.")
    user: str | None = Field(default=None, description="User for HTTP Basic authentication.")
    password: SecretStr | None = Field(default=None, description="Its password.")
    ca_file: str | None = Field(
        default=None, description="PEM file of the authorities to trust; absent: the system's."
    )
    max_bytes: int = Field(
        default=64 * 1024 * 1024, gt=0, description="Longest response when fetching repeatedly."
    )
    timeout_s: float = Field(default=60.0, gt=0, description="Longest silence before reconnecting.")

    @field_validator("url")
    @classmethod
    def _is_plain(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0:
            raise ValueError("give a whole address, e.g. https://example.org/feed")
        if parts.username is not None or parts.password is not None:
            raise ValueError("no credentials in the address: use `user` and `password`")
        return url

    def where(self) -> str:
        """Where the bytes come from, without the query: keys stand there."""
        parts = urlsplit(self.url)
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{parts.hostname}{port}{parts.path}"


class Http(Transport):
    """GET. Redirects are not followed: they could carry credentials to another host."""

    def __init__(self, config: HttpConfig, clock: Clock, on_change: OnChange | None = None) -> None:
        super().__init__(config, clock, on_change)
        self._config = config
        self._validators: dict[str, str] = {}

    async def connection(self) -> AsyncGenerator[Arrival, None]:
        """Read the endless response, or fetch for ever."""
        config = self._config
        secret = {name: value.get_secret_value() for name, value in config.headers.items()}
        headers = {"Accept-Encoding": "identity", **secret}  # unpacking would be unbounded
        password = config.password.get_secret_value() if config.password else ""
        auth = httpx.BasicAuth(config.user, password) if config.user else None
        trust = client_context(config.ca_file)
        try:
            async with httpx.AsyncClient(
                headers=headers,
                auth=auth,
                timeout=config.timeout_s,
                verify=trust,
                trust_env=False,
            ) as client:
                if config.interval_s is None:
                    async with aclosing(self._get(client, None)) as arrivals:
                        async for arrival in arrivals:
                            yield arrival
                while config.interval_s is not None:
                    async with aclosing(self._get(client, config.max_bytes)) as arrivals:
                        async for arrival in arrivals:
                            yield arrival
                    yield Ended("", clean=True, last=False)
                    await asyncio.sleep(config.interval_s)
        except httpx.LocalProtocolError as error:  # its text quotes the header, and its secret
            raise FatalError("a request header holds characters that HTTP forbids") from error
        except httpx.HTTPError as error:
            raise OSError(_in_words(error)) from error

    async def _get(
        self, client: httpx.AsyncClient, max_bytes: int | None
    ) -> AsyncGenerator[Arrival, None]:
        conditions = self._validators if max_bytes is not None else {}
        async with client.stream("GET", self._config.url, headers=conditions) as response:
            _check(response)
            self.connected()
            if response.status_code == httpx.codes.NOT_MODIFIED:
                return
            total = 0
            async for data in response.aiter_bytes(BLOCK_BYTES if max_bytes else None):
                total += len(data)
                if max_bytes is not None and total > max_bytes:
                    raise OSError(f"the response is longer than max_bytes = {max_bytes}")
                yield [self.chunk(data)]
            self._validators = _validators(response)


def _check(response: httpx.Response) -> None:
    status = response.status_code
    if status in REFUSED:
        raise FatalError(f"the server answers {status}: {REFUSED[status]}")
    if status not in {httpx.codes.OK, httpx.codes.NOT_MODIFIED}:
        hint = "; it redirects: give the final address" if response.is_redirect else ""
        raise OSError(f"the server answers {status} {response.reason_phrase}{hint}")


def _validators(response: httpx.Response) -> dict[str, str]:
    """Request headers that ask for the content only if it has changed (RFC 9110, section 13)."""
    pairs = (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since"))
    return {ask: response.headers[told] for told, ask in pairs if told in response.headers}


def _in_words(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.ReadTimeout):
        return "silent for too long"
    return str(error) or type(error).__name__
