"""Secrets and authorities that a configuration names and that are not there now.

Only warnings: the node may be started with other variables, and reads secrets anew each time.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alliage.config import Config
    from alliage.config_notifications import NotificationConfig
    from alliage.watch.channels.settings import AnyChannel, SecretFrom


def secret_warnings(config: Config) -> Iterator[tuple[str, str]]:
    """Yield what cannot be used of each secret and file of authorities, and what to do."""
    for notification in config.notifications:
        yield from channel_warnings(notification)
    for source in config.sources:
        file = source.transport.get("ca_file")
        if isinstance(file, str) and (why := _trouble_of_authorities(Path(file))):
            yield f"source {source.name!r}: transport.ca_file: {why}", _readable(Path(file))


def channel_warnings(notification: NotificationConfig) -> Iterator[tuple[str, str]]:
    """The same of one notification."""
    channel = notification.channel
    whose = f"notification {notification.name!r} ({channel.kind})"
    for key, why, to_do in _missing(channel):
        yield f"{whose}: channel.{key}: {why}", to_do


def _missing(channel: AnyChannel) -> Iterator[tuple[str, str, str]]:
    from alliage.watch.channels.settings import SecretFrom

    for key, value in channel:
        if isinstance(value, SecretFrom):
            why = _trouble_of_secret(value, signs=key == "secret")
            if why:
                yield f"{key}.{'file' if value.env is None else 'env'}", why, _put(value)
        elif isinstance(value, Path) and (why := _trouble_of_authorities(value)):
            yield key, why, _readable(value)


def _trouble_of_secret(secret: SecretFrom, signs: bool) -> str:
    from alliage.watch.channels.contract import ChannelError
    from alliage.watch.channels.webhook import signing_key

    if secret.file is not None and secret.file.is_fifo():
        return ""  # a pipe: whoever looks takes something out of it
    try:
        found = secret.read()
        if signs:
            signing_key(found)
    except ChannelError as error:
        return str(error)
    return ""


def _trouble_of_authorities(file: Path) -> str:
    from alliage.feeds.transports.base import FatalError
    from alliage.feeds.transports.tls import client_context

    try:
        client_context(str(file))
    except FatalError as error:
        return str(error)
    return ""


def _put(secret: SecretFrom) -> str:
    if secret.file is not None:
        return f"put it into {secret.file}, readable by the node's user alone"
    return f"set {secret.env} where the node is started; without it no message is sent"


def _readable(file: Path) -> str:
    return f"put a PEM file there, readable by the node's user: {file}"
