"""A source's way from bytes to the sink: nothing stops it, and everything is counted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from alliage.feeds.contract import Chunk, Decoded, Decoder, Feed, Quarantined
from alliage.feeds.health import SourceHealth
from alliage.feeds.intake import Source, SourceRunner
from alliage.feeds.registry import load_feeds
from alliage.feeds.transports.base import State
from alliage.feeds.transports.registry import parse_transport
from alliage.ontology.times import WallClock
from tests.feeds.links import QUICK, Sink, TcpTalker, until

FEED = load_feeds()["nmea_position"]
SAMPLE = (FEED.folder / "sample.nmea").read_bytes()


class Kept:
    """A quarantine in memory."""

    def __init__(self) -> None:
        self.items: list[tuple[str, int, Quarantined]] = []

    def add(self, source: str, label_set: int, items: Sequence[Quarantined]) -> None:
        self.items += [(source, label_set, item) for item in items]


class FaultyDecoder:
    """The real decoder, with a fault in it: some words make it raise."""

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder

    def feed(self, chunks: Sequence[Chunk]) -> Decoded:
        if any(b"trip" in chunk.data for chunk in chunks):
            raise IndexError("one too many")
        return self._decoder.feed(chunks)

    def flush(self, now_us: int) -> Decoded:
        return self._decoder.flush(now_us)


class FaultyFeed(Feed):
    def make_decoder(self, options: Any) -> Decoder:
        return FaultyDecoder(super().make_decoder(options))


def make_runner(
    sink: Sink,
    kept: Kept,
    feed: Feed = FEED,
    states: list[SourceHealth] | None = None,
    **config: Any,
) -> SourceRunner:
    source = Source("own", feed, feed.options_model(), parse_transport(QUICK | config), 5)
    watch = None if states is None else states.append
    return SourceRunner(source, sink, kept, WallClock(), on_change=watch, flush_after_s=0.05)


def run_file(path: Path, **config: Any) -> tuple[SourceRunner, Sink, Kept]:
    sink, kept = Sink(), Kept()
    runner = make_runner(sink, kept, kind="file", path=str(path), **config)
    asyncio.run(runner.run())
    return runner, sink, kept


def test_a_recording_goes_through_and_ends(tmp_path: Path) -> None:
    path = tmp_path / "recording.nmea"
    path.write_bytes(SAMPLE)
    runner, sink, kept = run_file(path)
    health = runner.health
    assert (health.state, health.accepted, sink.rows) == (State.ENDED, 30, 30)
    assert health.bytes == len(SAMPLE)
    assert health.quarantined == {"checksum": 1}
    ((source, label_set, item),) = kept.items
    assert (source, label_set, item.reason) == ("own", 5, "checksum")


def test_the_unterminated_last_line_of_a_file_counts(tmp_path: Path) -> None:
    path = tmp_path / "recording.nmea"
    path.write_bytes(SAMPLE.rstrip(b"\r\n"))
    assert run_file(path)[0].health.accepted == 30


def test_a_missing_file_leaves_the_source_failed_and_nothing_raised(tmp_path: Path) -> None:
    health = run_file(tmp_path / "nowhere")[0].health
    assert health.state is State.FAILED
    assert "nowhere" in str(health.error)


def test_a_fault_in_a_decoder_is_quarantined_and_the_stream_goes_on() -> None:
    async def run() -> tuple[SourceRunner, Sink, Kept]:
        sink, kept = Sink(), Kept()
        feed = FaultyFeed(FEED.manifest, FEED.folder, FEED.options_model)
        runner = make_runner(sink, kept, feed, kind="tcp_server", port=0)
        task = asyncio.create_task(runner.run())
        await until(lambda: getattr(runner.transport, "port", None) is not None)
        _, writer = await asyncio.open_connection("127.0.0.1", runner.transport.port)  # type: ignore[attr-defined]
        writer.write(b"trip over this\n")
        await until(lambda: bool(kept.items))
        writer.write(SAMPLE)
        await until(lambda: runner.health.accepted == 30)
        writer.close()
        runner.stop()
        await task
        return runner, sink, kept

    runner, sink, kept = asyncio.run(run())
    assert runner.health.quarantined == {"internal": 1, "checksum": 1}
    assert kept.items[0][2].data == b"trip over this\n"
    assert "IndexError: one too many" in kept.items[0][2].detail
    assert sink.rows == 30


def test_a_line_cut_by_a_lost_connection_is_quarantined_not_joined_to_the_next() -> None:
    async def run() -> tuple[SourceRunner, Kept]:
        sink, kept = Sink(), Kept()
        async with TcpTalker(b"$GPRMC,12000").talking() as port:
            runner = make_runner(
                sink, kept, kind="tcp_client", host="127.0.0.1", port=port, idle_timeout_s=0.03
            )
            task = asyncio.create_task(runner.run())
            await until(lambda: runner.health.quarantined.get("cut_off", 0) >= 2)
            runner.stop()
            await task
        return runner, kept

    runner, kept = asyncio.run(run())
    assert {item.data for _, _, item in kept.items} == {b"$GPRMC,12000"}
    assert runner.health.reconnects >= 2


def test_held_back_rows_are_given_out_in_a_silence() -> None:
    async def run() -> None:
        sink = Sink()
        async with TcpTalker(SAMPLE).talking() as port:
            runner = make_runner(sink, Kept(), kind="tcp_client", host="127.0.0.1", port=port)
            task = asyncio.create_task(runner.run())
            await until(lambda: sink.rows == 30)  # the 30th is held back until the input pauses
            assert runner.health.state is State.CONNECTED
            runner.stop()
            await task

    asyncio.run(run())


def test_peers_do_not_mix() -> None:
    half = len(SAMPLE) // 2 + 7

    async def run() -> tuple[SourceRunner, Sink]:
        sink = Sink()
        runner = make_runner(sink, Kept(), kind="tcp_server", port=0)
        task = asyncio.create_task(runner.run())
        await until(lambda: getattr(runner.transport, "port", None) is not None)
        port = runner.transport.port  # type: ignore[attr-defined]
        writers = [(await asyncio.open_connection("127.0.0.1", port))[1] for _ in range(3)]
        for part in (SAMPLE[:half], SAMPLE[half:]):
            for writer in writers:
                writer.write(part)
                await writer.drain()
            wanted = runner.health.bytes + 3 * len(part)
            await until(lambda wanted=wanted: runner.health.bytes >= wanted)  # type: ignore[misc]
        for writer in writers:
            writer.close()
        await until(lambda: sink.rows == 90)
        runner.stop()
        await task
        return runner, sink

    runner, _ = asyncio.run(run())
    assert runner.health.accepted == 90
    assert runner.health.quarantined == {"checksum": 3}


def test_states_are_told_as_they_change(tmp_path: Path) -> None:
    path = tmp_path / "recording.nmea"
    path.write_bytes(SAMPLE)
    states: list[SourceHealth] = []
    runner = make_runner(Sink(), Kept(), states=states, kind="file", path=str(path))
    asyncio.run(runner.run())
    assert [health.state.value for health in states] == ["connecting", "connected", "ended"]
    assert states[-1].accepted == 30  # ended means handed on, not only read


def test_a_slow_sink_holds_the_source_back(tmp_path: Path) -> None:
    path = tmp_path / "recording.nmea"
    path.write_bytes(SAMPLE * 800)  # some four megabytes

    class Slow(Sink):
        def __init__(self) -> None:
            super().__init__()
            self.gate = asyncio.Event()

        async def submit(self, source: str, decoded: Decoded) -> None:
            await self.gate.wait()
            await super().submit(source, decoded)

    async def run() -> SourceRunner:
        sink = Slow()
        runner = make_runner(sink, Kept(), kind="file", path=str(path))
        task = asyncio.create_task(runner.run())
        await until(lambda: runner._queue.full())
        assert runner.health.accepted == 0  # nothing is taken in yet
        assert runner.health.bytes < 1_000_000
        sink.gate.set()
        await task
        assert sink.rows == 24_000
        return runner

    assert asyncio.run(run()).health.accepted == 24_000


@pytest.mark.parametrize("pace", [None, 1000.0])
def test_a_report_counts_as_accepted_when_it_is_on_the_disk(
    tmp_path: Path, pace: float | None
) -> None:
    path = tmp_path / "recording.nmea"
    path.write_bytes(SAMPLE)
    promised: list[Future[None]] = []

    class Promising(Sink):
        async def submit(self, source: str, decoded: Decoded) -> Future[None]:  # type: ignore[override]
            await super().submit(source, decoded)
            promised.append(Future())
            return promised[-1]

    sink = Promising()
    transport = {"kind": "file", "path": str(path)} | ({} if pace is None else {"pace": pace})
    runner = make_runner(sink, Kept(), **transport)
    asyncio.run(runner.run())
    assert sink.rows == 30
    assert runner.health.accepted == 0
    for one in promised:
        one.set_result(None)
    assert runner.health.accepted == 30


def test_what_the_sink_raises_reaches_whoever_runs_the_source(tmp_path: Path) -> None:
    path = tmp_path / "recording.nmea"
    path.write_bytes(SAMPLE)

    class Full(Sink):
        async def submit(self, source: str, decoded: Decoded) -> None:
            raise OSError("no space left")

    runner = make_runner(Full(), Kept(), kind="file", path=str(path))
    with pytest.raises(OSError, match="no space left"):
        asyncio.run(runner.run())
    assert runner.health.state is State.FAILED


def test_a_replay_keeps_its_pace_and_stops_at_once(tmp_path: Path) -> None:
    path = tmp_path / "recording.nmea"
    path.write_bytes(SAMPLE)  # thirty seconds

    async def run() -> tuple[int, float]:
        sink = Sink()
        runner = make_runner(sink, Kept(), kind="file", path=str(path), pace=1.0)
        task = asyncio.create_task(runner.run())
        await until(lambda: sink.rows >= 1)
        before_s = time.monotonic()
        runner.stop()
        await task
        return sink.rows, time.monotonic() - before_s

    rows, took_s = asyncio.run(run())
    assert 1 <= rows < 10
    assert took_s < 2


def test_a_hurried_replay_releases_everything_in_order(tmp_path: Path) -> None:
    path = tmp_path / "recording.nmea"
    path.write_bytes(SAMPLE)
    before_s = time.monotonic()
    runner, sink, _ = run_file(path, pace=20.0)
    assert 0.5 < time.monotonic() - before_s < 5
    marks = [
        mark.value for part in sink.taken for batch in part.batches for mark in batch.rows["valid"]
    ]
    assert marks == sorted(marks)
    assert (len(marks), runner.health.accepted) == (30, 30)


def test_a_cancelled_source_lets_go_of_its_transport() -> None:
    async def run() -> SourceRunner:
        async with TcpTalker(SAMPLE).talking() as port:
            runner = make_runner(Sink(), Kept(), kind="tcp_client", host="127.0.0.1", port=port)
            task = asyncio.create_task(runner.run())
            await until(lambda: runner.health.accepted > 0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        await until(lambda: len(asyncio.all_tasks()) == 1)
        return runner

    assert asyncio.run(run()).health.state is State.ENDED


def test_many_files_share_nothing(tmp_path: Path) -> None:
    path = tmp_path / "recording.nmea"
    path.write_bytes(SAMPLE)

    async def run() -> list[SourceRunner]:
        sinks = [Sink() for _ in range(5)]
        runners = [make_runner(sink, Kept(), kind="file", path=str(path)) for sink in sinks]
        await asyncio.gather(*(runner.run() for runner in runners))
        return runners

    assert [runner.health.accepted for runner in asyncio.run(run())] == [30] * 5


AIS = b"!AIVDM,1,1,,A,13u?etPv2;0n:dDPwUM1U1Cb069D,0*24\r\n"


def test_what_two_peers_of_one_source_heard_is_one_report_where_the_format_joins_peers() -> None:
    async def run() -> tuple[SourceRunner, Sink]:
        sink, feed = Sink(), load_feeds()["ais"]
        source = Source(
            "stations",
            feed,
            feed.options_model(),
            parse_transport({"kind": "tcp_server", "port": 0}),
            5,
        )
        runner = SourceRunner(source, sink, Kept(), WallClock(), flush_after_s=0.05)
        task = asyncio.create_task(runner.run())
        await until(lambda: getattr(runner.transport, "port", None) is not None)
        port = runner.transport.port  # type: ignore[attr-defined]
        writers = [(await asyncio.open_connection("127.0.0.1", port))[1] for _ in range(2)]
        halves = (AIS[:20], AIS[20:])
        for part in halves:  # the two lines interleave on their way
            for writer in writers:
                wanted = runner.health.bytes + len(part)
                writer.write(part)
                await until(lambda wanted=wanted: runner.health.bytes >= wanted)  # type: ignore[misc]
        await until(lambda: runner.health.accepted == 1 and runner.health.duplicates == 1)
        for writer in writers:
            writer.close()
        runner.stop()
        await task
        return runner, sink

    runner, sink = asyncio.run(run())
    assert (sink.rows, runner.health.quarantined) == (1, {})
