"""Recordings in bulk: whole files, with progress."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from alliage.feeds.bulk import Progress, decode_file
from alliage.feeds.contract import merge
from alliage.feeds.registry import load_feeds

FEED = load_feeds()["nmea_position"]
SAMPLE = (FEED.folder / "sample.nmea").read_bytes()


@pytest.mark.parametrize("packed", [False, True])
def test_a_recording_is_decoded_whole_with_progress(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "recording"
    data = SAMPLE * 300
    path.write_bytes(gzip.compress(data) if packed else data)
    seen: list[Progress] = []
    decoded = merge(decode_file(path, FEED, FEED.options_model(), seen.append))
    assert decoded.accepted == 30 * 300
    assert len(decoded.quarantined) == 300
    assert len(seen) >= 2
    assert [p.done_bytes for p in seen] == sorted(p.done_bytes for p in seen)
    assert seen[-1] == Progress(path.stat().st_size, path.stat().st_size)


def test_a_damaged_packing_is_told_after_what_could_be_read(tmp_path: Path) -> None:
    path = tmp_path / "recording.gz"
    path.write_bytes(gzip.compress(SAMPLE * 400)[:-200])
    accepted = 0

    def read() -> None:
        nonlocal accepted
        for decoded in decode_file(path, FEED, FEED.options_model()):
            accepted += decoded.accepted

    with pytest.raises(OSError, match=r"the packing is damaged"):
        read()
    assert accepted > 0
