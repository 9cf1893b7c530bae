"""What the tests of the AIS feed share."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from alliage.feeds.ais.decoder import make_decoder
from alliage.feeds.ais.options import Options
from alliage.feeds.contract import Chunk, Decoded, merge

NOW_US = 1_773_500_950_000_000  # 2026-03-14T15:09:10Z
RECORDINGS = (
    "denmark-2010-06-11-29s.nmea",
    "denmark-2013-11-12-5min.nmea.gz",
    "frio-drift-2014-09-28.nmea",
    "mixed-message-types.nmea",
)


def decode(*lines: bytes, options: Options | None = None) -> Decoded:
    """Everything a fresh decoder finds in these lines."""
    decoder = make_decoder(options or Options())
    data = b"\n".join(lines) + b"\n"
    return merge([decoder.feed([Chunk(data, NOW_US)]), decoder.flush(NOW_US)])


@pytest.fixture(params=RECORDINGS)
def recording(request: pytest.FixtureRequest, data_dir: Path) -> bytes:
    """Each real recording, whole."""
    return read_recording(data_dir, request.param)


@pytest.fixture
def read(data_dir: Path) -> Callable[[str], bytes]:
    """Reader of a recording by name."""
    return lambda name: read_recording(data_dir, name)


def read_recording(data_dir: Path, name: str) -> bytes:
    """Bytes of one recording, unpacked."""
    path = data_dir / "ais" / name
    return gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
