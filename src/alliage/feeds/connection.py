"""The way from bytes to what they say: framers, a decoder, and a guard around both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

import structlog
from pydantic import BaseModel

from alliage.feeds.contract import Chunk, Decoded, Feed, Quarantined, merge
from alliage.feeds.framing import Framed, Framer, make_framer
from alliage.feeds.reasons import INTERNAL
from alliage.ontology.observation import ObservationBatch

log = structlog.get_logger(__name__)


Check = Callable[[ObservationBatch], None]


class Connection:
    """One decoder, and a framer for each peer that it hears. Never raises on what a peer sends.

    A decoder that raises has a fault. Its bytes are quarantined as ``internal``, it is replaced
    by a fresh one (its memory can no longer be trusted), and the stream goes on.
    """

    def __init__(
        self,
        feed: Feed,
        options: BaseModel,
        datagrams: bool = False,
        check: Check | None = None,
    ) -> None:
        """Begin a connection; ``check`` refuses batches that do not keep the contract."""
        self._check = check
        self._feed = feed
        self._options = options
        self._datagrams = datagrams
        self._framers: dict[str, Framer] = {}
        self._decoder = feed.make_decoder(options)

    def feed(self, chunks: Sequence[Chunk]) -> Decoded:
        """Take the next bytes, each with its peer; return what they say."""
        framed = Framed()
        for peer, of_peer in groupby(chunks, key=lambda chunk: chunk.peer):
            framed += self._framer(peer).push(list(of_peer))
        return self._decode(framed)

    def flush(self, now_us: int) -> Decoded:
        """The input pauses: give out what the decoder holds back."""
        return self._guarded(lambda: self._decoder.flush(now_us), [], now_us)

    def end_peer(self, peer: str, clean: bool) -> Decoded:
        """One peer's input ends. ``clean``: its last line is whole."""
        framer = self._framers.pop(peer, None)
        return Decoded() if framer is None else self._decode(framer.finish(clean))

    def finish(self, now_us: int, clean: bool = True) -> Decoded:
        """All input ends: give out everything."""
        ends = [self.end_peer(peer, clean) for peer in list(self._framers)]
        return merge([*ends, self.flush(now_us)])

    def _framer(self, peer: str) -> Framer:
        key = "" if self._datagrams else peer  # datagrams are whole: nothing to keep apart
        if key not in self._framers:
            self._framers[key] = make_framer(self._feed.manifest.framing, self._datagrams)
        return self._framers[key]

    def _decode(self, framed: Framed) -> Decoded:
        decoded = Decoded()
        if framed.chunks:
            received_us = framed.chunks[-1].received_us
            decoded = self._guarded(
                lambda: self._decoder.feed(framed.chunks), framed.chunks, received_us
            )
        decoded.quarantined += framed.quarantined
        return decoded

    def _guarded(
        self, decode: Callable[[], Decoded], chunks: Sequence[Chunk], now_us: int
    ) -> Decoded:
        try:
            return self._checked(decode())
        except Exception as fault:
            name = self._feed.manifest.name
            log.exception("decoder_failed", format=name)
            self._decoder = self._feed.make_decoder(self._options)
            detail = f"{type(fault).__name__}: {fault}"
            kept = [Quarantined(chunk.data, INTERNAL, detail, now_us) for chunk in chunks]
            return Decoded(quarantined=kept or [Quarantined(b"", INTERNAL, detail, now_us)])

    def _checked(self, decoded: Decoded) -> Decoded:
        if self._check is not None:
            for batch in decoded.batches:
                self._check(batch)
        return decoded
