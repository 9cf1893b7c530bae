"""Whether a configured source can be read from here, for ``doctor``."""

from __future__ import annotations

import socket
import time
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from alliage.config_tables import SourceConfig

NETWORK_TIMEOUT_S: Final = 3.0
READING_S: Final = 5.0
BLOCK_BYTES: Final = 1024 * 1024
KEEPS_TRYING: Final = "check the address, the cable and the firewall; the node keeps trying"
GIVES_UP: Final = "put a readable file there, or correct transport.path; the node does not wait"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a source cannot be read, what to do, and whether the node would try again."""

    text: str
    to_do: str
    is_final: bool = False


def trouble_of(source: SourceConfig) -> Trouble | None:
    """Why a source cannot be read; None where it can, or where one cannot tell."""
    transport = source.transport
    if source.kind == "file" and not transport.get("follow"):
        return _trouble_of_file(transport)
    text = ""
    if source.kind in {"file", "serial"}:
        path = Path(str(transport.get("path") or transport.get("device")))
        text = "" if path.exists() else f"{path} is not there"
    elif source.kind == "tcp_client":
        text = _cannot_connect(str(transport.get("host")), int(transport.get("port", 0)))
    elif source.kind == "http":
        url = urlsplit(str(transport.get("url")))
        default = 443 if url.scheme == "https" else 80
        text = _cannot_connect(url.hostname or "", url.port or default)
    return Trouble(text, KEEPS_TRYING) if text else None


def _trouble_of_file(transport: dict[str, Any]) -> Trouble | None:
    """Read it as a source would, as far as that goes in seconds."""
    from alliage.feeds.transports.file import open_recording

    path = Path(str(transport.get("path")))
    if str(path) == "-":
        return None
    if not path.exists():
        return Trouble(f"{path} is not there", GIVES_UP, is_final=True)
    if not path.is_file():
        return None  # a pipe: whoever looks takes something out of it
    deadline = time.monotonic() + READING_S
    try:
        with path.open("rb") as raw, open_recording(raw) as file:
            while file.read(BLOCK_BYTES) and file is not raw and time.monotonic() < deadline:
                pass
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return Trouble(f"{path} cannot be read: {reason}", GIVES_UP, is_final=True)
    return None


def _cannot_connect(host: str, port: int) -> str:
    from alliage.feeds.transports.base import in_words

    try:
        with socket.create_connection((host, port), NETWORK_TIMEOUT_S):
            return ""
    except OSError as error:
        return f"{host}:{port} does not answer: {in_words(error)}"
