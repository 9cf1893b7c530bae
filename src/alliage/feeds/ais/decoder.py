"""The AIS decoder: lines, sentences, origins, payloads, messages, duplicates, observations.

The order of this file is the way of the data. Each stage keeps what it must remember in its own
small object; together they are the whole state of one connection.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from alliage.feeds.ais.assembly import Assembler, Payloads
from alliage.feeds.ais.duplicates import Duplicates, Released
from alliage.feeds.ais.lines import MAX_LINE, LineCutter, Lines
from alliage.feeds.ais.messages import Read, read_messages
from alliage.feeds.ais.observations import observe, urgent_messages
from alliage.feeds.ais.options import Options
from alliage.feeds.ais.origins import OriginReader, Origins
from alliage.feeds.ais.sentences import LineKind, Sentences, read_sentences
from alliage.feeds.contract import Chunk, Decoded, Quarantined

_IGNORED: Final = {
    LineKind.TIME_MARK: "time_mark",
    LineKind.TAG_BLOCK: "tag_block",
    LineKind.OTHER: "other_sentence",
    LineKind.COMMENT: "comment",
}
_REFUSED: Final = {
    LineKind.JUNK: ("not_nmea", "not a sentence of IEC 61162-1"),
    LineKind.CHECKSUM: ("checksum", "the checksum is absent or does not hold"),
    LineKind.TOO_LONG: ("too_long", f"a line of more than {MAX_LINE} bytes"),
}


class AisDecoder:
    """Decodes one connection; see :class:`alliage.feeds.contract.Decoder`.

    Every non-blank line is counted once: a message that became rows under ``accepted``, one that
    repeats another under ``duplicates``, anything else under ``ignored`` or ``quarantined``. A
    report that is held back is counted when it is given out.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.lines = LineCutter()
        self.origins = OriginReader()
        self.assembler = Assembler(timeout_us=round(options.part_timeout_s * 1e6))
        self.duplicates = Duplicates(
            window_us=round(options.duplicate_window_s * 1e6),
            hold_us=round(options.hold_s * 1e6),
        )
        self.messages_seen = 0

    def feed(self, chunks: Sequence[Chunk]) -> Decoded:
        """Take the next bytes; see the contract."""
        return self._decode(self.lines.cut(chunks))

    def flush(self, now_us: int) -> Decoded:
        """Give out what is held back: an unfinished line, waiting reports, parts without others."""
        decoded = self._decode(self.lines.cut([], at_end=True))
        self.assembler.flush()
        decoded.quarantined += self.assembler.take_quarantined()
        self._give_out(self.duplicates.flush(), decoded)
        return decoded

    def _decode(self, lines: Lines) -> Decoded:
        decoded = Decoded()
        sentences = read_sentences(lines)
        origins = self.origins.read(lines, sentences)
        _account(lines, sentences, decoded)
        if not self.options.own_ship:
            sentences, origins = _without_own_ship(sentences, origins, decoded)
        payloads = self.assembler.assemble(lines, sentences, origins)
        decoded.quarantined += self.assembler.take_quarantined()
        _count(decoded, "part", self.assembler.take_parts())
        read = read_messages(payloads, self.messages_seen)
        self.messages_seen += len(read.messages)
        _account_messages(read, payloads, lines, decoded)
        released = self.duplicates.add(read.messages, read.keys, urgent_messages(read.messages))
        self._give_out(released, decoded)
        return decoded

    def _give_out(self, released: Released, decoded: Decoded) -> None:
        decoded.accepted += len(released.messages)
        decoded.duplicates += released.duplicates
        decoded.batches += observe(released, self.origins.stations.names, self.options)


def _account(lines: Lines, sentences: Sentences, decoded: Decoded) -> None:
    """Count the lines that are no AIS sentences; keep those that cannot be used."""
    counts = np.bincount(sentences.kind, minlength=len(LineKind))
    for kind, reason in _IGNORED.items():
        _count(decoded, reason, int(counts[kind]))
    if not any(counts[kind] for kind in _REFUSED):
        return
    for row in np.flatnonzero(np.isin(sentences.kind, list(_REFUSED))).tolist():
        reason, detail = _REFUSED[LineKind(int(sentences.kind[row]))]
        received_us = int(lines.received_us[row])
        decoded.quarantined.append(
            Quarantined(lines.raw(row)[:MAX_LINE], reason, detail, received_us)
        )


def _account_messages(read: Read, payloads: Payloads, lines: Lines, decoded: Decoded) -> None:
    for reason, count in read.ignored.items():
        _count(decoded, reason, count)
    for index, (reason, detail) in read.refused.items():
        raw = payloads.raw(index, lines)
        received_us = int(payloads.received_us[index])
        decoded.quarantined.append(Quarantined(raw, reason, detail, received_us))


def _without_own_ship(
    sentences: Sentences, origins: Origins, decoded: Decoded
) -> tuple[Sentences, Origins]:
    """Leave out VDO sentences where the options say so."""
    kept = np.flatnonzero(~sentences.own)
    _count(decoded, "own_ship", len(sentences.own) - len(kept))
    return sentences.take(kept), origins.take(kept)


def _count(decoded: Decoded, reason: str, count: int) -> None:
    if count:
        decoded.ignored[reason] = decoded.ignored.get(reason, 0) + count


def make_decoder(options: Options) -> AisDecoder:
    """Return a decoder for one connection."""
    return AisDecoder(options)
