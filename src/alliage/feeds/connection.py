"""One connection's way from bytes to what they say: framer, decoder, and a guard around both."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog
from pydantic import BaseModel

from alliage.feeds.contract import Chunk, Decoded, Feed, Quarantined, merge
from alliage.feeds.framing import Framed, make_framer
from alliage.feeds.reasons import INTERNAL

log = structlog.get_logger(__name__)


class Connection:
    """The framer and decoder of one peer. Never raises on what a peer sends.

    A decoder that raises has a fault. Its bytes are quarantined as ``internal``, it is replaced
    by a fresh one (its memory can no longer be trusted), and the stream goes on.
    """

    def __init__(self, feed: Feed, options: BaseModel, datagrams: bool = False) -> None:
        self._feed = feed
        self._options = options
        self._framer = make_framer(feed.manifest.framing, datagrams)
        self._decoder = feed.make_decoder(options)

    def feed(self, chunks: Sequence[Chunk]) -> Decoded:
        """Take the next bytes of this peer; return what they say."""
        return self._decode(self._framer.push(chunks))

    def flush(self, now_us: int) -> Decoded:
        """The input pauses: give out what the decoder holds back."""
        return self._guarded(lambda: self._decoder.flush(now_us), [], now_us)

    def finish(self, now_us: int, clean: bool = True) -> Decoded:
        """The input ends: give out everything. ``clean``: the last line is whole."""
        return merge([self._decode(self._framer.finish(clean)), self.flush(now_us)])

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
            return decode()
        except Exception as fault:
            name = self._feed.manifest.name
            log.exception("decoder_failed", format=name)
            self._decoder = self._feed.make_decoder(self._options)
            detail = f"{type(fault).__name__}: {fault}"
            kept = [Quarantined(chunk.data, INTERNAL, detail, now_us) for chunk in chunks]
            return Decoded(quarantined=kept or [Quarantined(b"", INTERNAL, detail, now_us)])
