"""Whom a channel trusts when it calls out."""

from __future__ import annotations

import ssl
from pathlib import Path

from alliage.feeds.transports.base import FatalError
from alliage.feeds.transports.tls import client_context
from alliage.watch.channels.contract import ChannelError


def trust(ca_file: Path | None) -> ssl.SSLContext:
    """A context that checks the other side's certificate and name.

    Raises:
        ChannelError: the file of authorities cannot be used.
    """
    try:
        return client_context(None if ca_file is None else str(ca_file))
    except FatalError as error:
        raise ChannelError(str(error)) from None
