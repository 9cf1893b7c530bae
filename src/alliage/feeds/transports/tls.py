"""TLS: whom this node trusts when it calls out."""

from __future__ import annotations

import ssl
from pathlib import Path

from alliage.feeds.transports.base import FatalError


def client_context(ca_file: str | None) -> ssl.SSLContext:
    """Return a context that checks the server's certificate and name.

    Args:
        ca_file: PEM file of the authorities to trust instead of the system's.

    Raises:
        FatalError: the file cannot be used.
    """
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        name = Path(str(ca_file)).name
        raise FatalError(f"ca_file {name} cannot be used: {error.strerror or error}") from error
