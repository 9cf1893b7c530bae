"""What the server may be told; plain numbers, so that this room knows no configuration file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

PACKAGED_WEB: Final = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Bounds and addresses of one node's server."""

    url: str | None = None
    """Public address where a proxy stands in front, ``https://node.example``; else the Host."""
    metrics: Literal["administrators", "loopback"] = "loopback"
    late_after_s: float = 60.0
    """What the node had longer than this after it was so is late."""
    web: Path = PACKAGED_WEB
    """Folder of the built web UI."""
    max_body_bytes: int = 64 * 1024
    max_bulk_bytes: int = 16 * 1024 * 1024
    """The longest body of a bulk write."""
    incidents_per_hour: int = 12
    detects: bool = True
    """How many incidents an hour are put before a watch officer; what lies beyond is folded."""
    requests_hz: float = 50.0
    """Requests a second that one session or API token may make for long."""
    requests_burst: int = 1_000
    """And so many at once, after a rest."""
    max_clients: int = 200
    """WebSocket clients at one time."""
    max_message_bytes: int = 16 * 1024
    """The longest text that a WebSocket client may send."""
    check_session_s: float = 2.0
    """How often an open WebSocket looks whether its session still stands."""
    send_timeout_s: float = 60.0
    """A WebSocket client that takes nothing for so long is let go."""
    hashing_threads: int = 2
    """Passwords hashed at one time: argon2 takes tens of megabytes for each."""
