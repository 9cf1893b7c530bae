"""Writes src/alliage/feeds/ais/sample.nmea: ``python -m tests.feeds.ais.make_sample``."""

from __future__ import annotations

from pathlib import Path

from tests.feeds.ais.vectors import VECTORS, checksummed, sentences, tag_block

SAMPLE = Path(__file__).parents[3] / "src/alliage/feeds/ais/sample.nmea"
START_S = 1_773_500_947  # 2026-03-14T15:09:07Z


def sample() -> bytes:
    """Every vector, one message heard twice, one damaged line, and lines that say nothing."""
    lines = [b"# Made by tests/feeds/ais/make_sample.py: no real ship, no real station."]
    for number, name in enumerate(VECTORS):
        for part, sentence in enumerate(sentences(name)):
            block = tag_block(f"s:2190001,c:{START_S + number}")
            lines.append(sentence if part else block + sentence)
    first = sentences("1")[0]
    lines.append(checksummed("$PGHP,1,2026,3,14,15,9,8,120,219,,2190002,1,00"))
    lines.append(first)
    lines.append(first.replace(b",A,1", b",A,2", 1))
    lines.append(checksummed("$PSTT,30A,20260314,150908"))
    return b"\n".join(lines) + b"\n"


if __name__ == "__main__":
    SAMPLE.write_bytes(sample())
