"""Intake: one source's bytes on their way from its transport to the log.

transport -> framing -> decoder -> pacing of a replay -> sink. Each peer has its own framer, and
its own decoder unless the format joins peers (decision 31). Every queue is bounded: a slow sink
makes the transport read more slowly. Whatever goes wrong with the bytes is counted and
quarantined, and the stream goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Protocol

import structlog
from pydantic import BaseModel

from alliage.feeds.connection import Check, Connection
from alliage.feeds.contract import Chunk, Decoded, Feed, Quarantined
from alliage.feeds.health import HealthMeter, SourceHealth
from alliage.feeds.replay import Pacer
from alliage.feeds.transports.base import Arrival, Ended, State, Status, TransportConfig
from alliage.feeds.transports.registry import KINDS, TransportKind, open_transport
from alliage.log.original import Event, Happened, Original
from alliage.ontology.times import Clock

QUEUED_ARRIVALS: Final = 8
FLUSH_AFTER_S: Final = 1.0
MAX_CONNECTIONS: Final = 1024
IN_THREAD_BYTES: Final = 16 * 1024

log = structlog.get_logger(__name__)


class Sink(Protocol):
    """Where decoded rows go: the node's writer."""

    async def submit(self, source: str, decoded: Decoded) -> Future[None] | None:
        """Take a result; returns when there is room for the next one.

        The future is done when everything of it is on the disk; None: it is by now.
        """
        ...


class Quarantine(Protocol):
    """Where unusable bytes go."""

    def add(self, source: str, label_set: int, items: Sequence[Quarantined]) -> None:
        """Keep items of one source under its interned label set."""
        ...


@dataclass(frozen=True, slots=True)
class Source:
    """One configured stream."""

    name: str
    feed: Feed
    options: BaseModel
    transport: TransportConfig
    label_set: int
    keep_original: bool = False


@dataclass(slots=True)
class _Peer:
    connection: Connection
    fed_s: float
    holds: bool = True


class SourceRunner:
    """Runs one source until it ends, is stopped or is cancelled."""

    def __init__(
        self,
        source: Source,
        sink: Sink,
        quarantine: Quarantine,
        clock: Clock,
        *,
        kinds: Mapping[str, TransportKind] = KINDS,
        on_change: Callable[[SourceHealth], None] | None = None,
        flush_after_s: float = FLUSH_AFTER_S,
        check: Check | None = None,
    ) -> None:
        """Prepare; nothing is opened before :meth:`run`.

        Args:
            source: what to run.
            sink: takes the rows.
            quarantine: takes the bytes that could not be used.
            clock: stamps what is received.
            kinds: the transports there are.
            on_change: called in the loop's thread whenever the state changes.
            flush_after_s: a silence after which held-back rows are given out.
            check: refuses batches of a faulty decoder.
        """
        self.source = source
        self.transport = open_transport(source.transport, clock, self._changed, kinds)
        self._sink = sink
        self._quarantine = quarantine
        self._clock = clock
        self._on_change = on_change
        self._flush_after_s = flush_after_s
        self._check = check
        self.after_end: Callable[[], None] | None = None
        """Called in a thread where the bytes ended, once what came before has been handed on."""
        self._meter = HealthMeter(self.transport.status)
        self._peers: dict[str, _Peer] = {}
        self._stopping = asyncio.Event()
        factor = source.transport.replay_factor
        self._pacer = None if factor is None else Pacer(factor, self._sleep)
        self._queue: asyncio.Queue[Arrival | None] = asyncio.Queue(
            QUEUED_ARRIVALS if self._pacer is None else 1  # a replay is not read far ahead
        )

    @property
    def health(self) -> SourceHealth:
        """State and counters as of now; may be read from any thread."""
        return self._meter.snapshot()

    def stop(self) -> None:
        """Read no more; what has been received is still handed on (a replay's is not)."""
        self._stopping.set()
        with suppress(asyncio.QueueFull):
            self._queue.put_nowait(None)

    async def run(self) -> None:
        """Run the source.

        Raises:
            Exception: whatever the sink raises; trouble with the bytes is never raised.
        """
        pump = asyncio.create_task(self._pump(), name=f"transport of {self.source.name}")
        try:
            await self._work(pump)
            await self._finish(list(self._peers), clean=not self._stopping.is_set())
        except Exception as error:
            self._fail(f"what was received could not be stored: {error}")
            raise
        finally:
            pump.cancel()
            await asyncio.gather(pump, return_exceptions=True)
            if self._meter.snapshot().state is not State.FAILED:
                self._show(
                    Status(
                        State.ENDED,
                        self._clock.now_us(),
                        peers=0,
                        reconnects=self.transport.status.reconnects,
                    )
                )

    async def _pump(self) -> None:
        """Move arrivals into the bounded queue; the transport waits while it is full."""
        try:
            async for arrival in self.transport:
                await self._queue.put(arrival)
        except Exception as fault:
            log.exception("transport_failed", source=self.source.name)
            self._fail(f"fault of the program: {type(fault).__name__}")
        await self._queue.put(None)

    async def _work(self, pump: asyncio.Task[None]) -> None:
        checked_s = self._now_s()
        while True:
            if self._stopping.is_set():
                pump.cancel()
                if self._pacer is not None or self._queue.empty():
                    return
            try:
                async with asyncio.timeout(self._flush_after_s):
                    arrival = await self._queue.get()
            except TimeoutError:
                arrival = []
            if arrival is None and not self._stopping.is_set():
                return
            if arrival:
                await self._take(arrival)
            if self._queue.empty() and self._now_s() - checked_s >= self._flush_after_s:
                checked_s = self._now_s()
                await self._flush_idle()

    async def _take(self, arrival: Arrival) -> None:
        if isinstance(arrival, Ended):
            await self._end(arrival)
            if self.after_end is not None:
                await asyncio.to_thread(self.after_end)
            return
        self._meter.received(arrival, self.transport.lost, self._clock.now_us())
        for name, of_peer in groupby(arrival, key=lambda chunk: self._key(chunk.peer)):
            peer, chunks = self._peer(name), list(of_peer)
            decoded = await _decode(peer.connection, chunks)
            events = [Event(Happened.BYTES, c.received_us, c.peer, c.data) for c in chunks]
            await self._hand_on(decoded, *events)
            peer.fed_s = self._now_s()  # after handing on: a slow sink is not a silent peer
            if len(self._peers) > MAX_CONNECTIONS:
                await self._finish([next(iter(self._peers))], clean=False)

    async def _end(self, ended: Ended) -> None:
        key = self._key(ended.peer)
        if ended.peer and key != ended.peer:
            decoded = self._peer(key).connection.end_peer(ended.peer, ended.clean)
            await self._hand_on(decoded, self._event(Happened.PEER_ENDED, ended.peer, ended.clean))
        elif ended.last:
            await self._finish([key] if ended.peer else list(self._peers), ended.clean)
        else:
            for name, peer in self._peers.items():
                event = self._event(Happened.FINISHED, name, ended.clean)
                decoded = peer.connection.finish(event.received_us, ended.clean)
                await self._hand_on(decoded, event)

    async def _finish(self, names: Sequence[str], clean: bool) -> None:
        for name in names:
            peer = self._peers.pop(name, None)
            if peer is not None:
                event = self._event(Happened.CLOSED, name, clean)
                await self._hand_on(peer.connection.finish(event.received_us, clean), event)

    async def _flush_idle(self) -> None:
        """Give out what decoders hold back for peers that have been silent."""
        for name, peer in list(self._peers.items()):
            if peer.holds and self._now_s() - peer.fed_s >= self._flush_after_s:
                peer.holds = False
                event = self._event(Happened.PAUSE, name, clean=True)
                await self._hand_on(peer.connection.flush(event.received_us), event)

    def _event(self, happened: Happened, peer: str, clean: bool) -> Event:
        return Event(happened, self._clock.now_us(), peer, b"1" if clean else b"")

    async def _hand_on(self, decoded: Decoded, *events: Event) -> None:
        """Give away what was found, and the events of which it was, where they are kept."""
        self._meter.decoded(decoded)
        if decoded.quarantined:
            source = self.source
            await asyncio.to_thread(
                self._quarantine.add, source.name, source.label_set, decoded.quarantined
            )
        if self.source.keep_original:
            manifest, datagrams = self.source.feed.manifest, type(self.transport).datagrams
            original = Original(manifest.name, manifest.version, datagrams, events)
            await self._sink.submit(self.source.name, Decoded(originals=[original]))
        if not decoded.batches and not decoded.statements:
            self._meter.stored(decoded.accepted)
            return
        if self._pacer is None:
            self._count_stored(await self._sink.submit(self.source.name, decoded), decoded.accepted)
            return
        rows, done, counted = _rows_of(decoded), 0, 0
        async for part in self._pacer.release(decoded):
            if self._stopping.is_set():
                return
            stored = await self._sink.submit(self.source.name, part)
            done += _rows_of(part)
            share = decoded.accepted * done // rows if rows else decoded.accepted
            self._count_stored(stored, share - counted)
            counted = share

    def _count_stored(self, stored: Future[None] | None, accepted: int) -> None:
        """Count reports as accepted once they are on the disk."""
        if stored is None:
            self._meter.stored(accepted)
        else:
            stored.add_done_callback(
                lambda one: None if one.exception() else self._meter.stored(accepted)
            )

    def _key(self, peer: str) -> str:
        """Which decoder hears a peer."""
        return "" if self.source.feed.manifest.joins_peers else peer

    def _peer(self, name: str) -> _Peer:
        peer = self._peers.pop(name, None)
        if peer is None:
            connection = Connection(
                self.source.feed,
                self.source.options,
                type(self.transport).datagrams,
                self._check,
            )
            peer = _Peer(connection, self._now_s())
        peer.holds = True
        self._peers[name] = peer  # last: the dictionary is in order of use
        return peer

    async def _sleep(self, pause_s: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(pause_s):
                await self._stopping.wait()

    def _changed(self, status: Status) -> None:
        """The transport tells its state. That all is read is not yet that all is handed on."""
        if status.state is not State.ENDED:
            self._show(status)

    def _fail(self, error: str) -> None:
        status = self.transport.status
        self._show(Status(State.FAILED, self._clock.now_us(), error, reconnects=status.reconnects))

    def _show(self, status: Status) -> None:
        self._meter.status(status)
        if self._on_change is not None:
            self._on_change(self._meter.snapshot())

    @staticmethod
    def _now_s() -> float:
        return asyncio.get_running_loop().time()


def _rows_of(decoded: Decoded) -> int:
    return sum(batch.rows.num_rows for batch in decoded.batches)


async def _decode(connection: Connection, chunks: list[Chunk]) -> Decoded:
    """Decode; a big block in a thread, so that the loop serves others meanwhile."""
    if sum(len(chunk.data) for chunk in chunks) < IN_THREAD_BYTES:
        return connection.feed(chunks)
    return await asyncio.to_thread(connection.feed, chunks)
