"""A whole node: real bytes in at one end, the picture and its history out at the other."""

from __future__ import annotations

import asyncio
import socket
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path

import httpx
import numpy as np
import pytest

from alliage.feeds.transports.base import State
from alliage.home import HomeError, init_home
from alliage.log import LogInUseError
from alliage.node import Node
from alliage.ontology.audience import machine_audience
from alliage.ontology.box import Box
from alliage.picture.kept_rows import KeptRows
from alliage.picture.state import TrackState
from alliage.picture.view import PictureView
from alliage.server.serve import AddressError
from tests.node.conftest import make_home, opened, recording, source, until, while_serving

HALF_KNOT_MPS = 0.5 * 1852 / 3600


def everything(node: Node) -> PictureView:
    return node.picture.view(machine_audience(node.log.label_sets))


def is_ended(node: Node) -> bool:
    return all(runner.health.state is State.ENDED for runner in node.runners)


async def play(node: Node) -> None:
    async def wait(_address: str) -> None:
        await until(lambda: is_ended(node))
        await asyncio.to_thread(node.writer.drain)

    await while_serving(node, wait)


def moved(node: Node) -> set[str]:
    """Identifiers of ships that any logged report says were faster than half a knot."""
    reader = node.log.reader(machine_audience(node.log.label_sets))
    found: set[str] = set()
    for entry in reader.read(limit=10_000, kinds=["observations:position"]):
        rows = entry.observations().rows
        speeds = rows.column("speed_mps").to_numpy(zero_copy_only=False)
        fast = np.flatnonzero(np.nan_to_num(speeds) > HALF_KNOT_MPS)
        found.update(
            name
            for name, schema, lat in zip(
                rows.column("identifier").take(fast).to_pylist(),
                rows.column("schema").take(fast).to_pylist(),
                rows.column("latitude_deg").take(fast).to_pylist(),
                strict=True,
            )
            if schema == "Vessel" and lat is not None
        )
    return found


def test_the_danish_feed_becomes_a_picture_of_1438_ships_of_which_458_moved(
    tmp_path: Path, danish_feed: Path
) -> None:
    with opened(make_home(tmp_path / "home", recording(danish_feed))) as node:
        asyncio.run(play(node))
        view = everything(node)
        world = Box.of(-180, -90, 180, 90)
        assert int(view.mask(world, ["Vessel"]).sum()) == 1438
        assert len(moved(node)) == 458
        assert view.reading.mode == "replay"


def test_a_replay_begins_again_after_a_restart(tmp_path: Path, danish_feed: Path) -> None:
    home = make_home(tmp_path / "home", recording(danish_feed))
    for _start in range(2):
        with opened(home) as node:
            assert everything(node).totals().located == 0
            asyncio.run(play(node))
            assert everything(node).totals().located == 1503


def test_names_are_claimed_once_however_often_a_recording_is_played(
    tmp_path: Path, danish_feed: Path
) -> None:
    home = make_home(tmp_path / "home", recording(danish_feed))
    counts = []
    for _start in range(2):
        with opened(home) as node:
            asyncio.run(play(node))
            reader = node.claims.reader(machine_audience(node.log.label_sets))
            names = reader.page(property="name", limit=10_000).claims
            counts.append(sum(stored.claim.schema == "Vessel" for stored in names))
    assert counts[0] == counts[1] == 98


def test_a_live_picture_is_there_again_after_a_restart(tmp_path: Path) -> None:
    feed = tmp_path / "now.nmea"
    feed.write_bytes(gga_now())
    table = source(f'{{ kind = "file", path = "{feed}" }}', "own").replace(
        '"ais"', '"nmea_position"'
    )
    home = make_home(tmp_path / "home", table)
    with opened(home) as node:
        asyncio.run(play(node))
        before = [state.identifier for state in states(node)]
    assert KeptRows.read(home.picture).rows.num_rows == 1
    feed.write_bytes(b"")
    with opened(home) as node:
        assert [state.identifier for state in states(node)] == before
        assert len(before) == 1


def gga_now() -> bytes:
    """One own-ship position, of now."""
    now = datetime.now(UTC)
    body = f"GPRMC,{now:%H%M%S}.00,A,5541.000,N,01236.000,E,4.5,090.0,{now:%d%m%y},,,A"
    checksum = reduce(lambda total, byte: total ^ byte, body.encode(), 0)
    return f"${body}*{checksum:02X}\r\n".encode()


def states(node: Node) -> list[TrackState]:
    return list(everything(node).page().items)


def test_a_node_answers_is_ready_and_shows_nothing_to_strangers(tmp_path: Path) -> None:
    node = opened(make_home(tmp_path / "home"))

    async def look(address: str) -> None:
        async with httpx.AsyncClient(base_url=address, timeout=60) as client:
            assert (await client.get("/api/v1/health/ready")).status_code == 200
            assert (await client.get("/api/v1/tracks")).status_code == 401

    with node:
        asyncio.run(while_serving(node, look))


def test_a_one_time_link_signs_in_once(tmp_path: Path) -> None:
    node = opened(make_home(tmp_path / "home"))

    async def sign_in(address: str) -> None:
        token = node.one_time_link("admin", address).partition("token=")[2]
        headers = {"Origin": address}
        async with httpx.AsyncClient(base_url=address, headers=headers, timeout=60) as client:
            first = await client.post("/api/v1/session/one-time", json={"token": token})
            again = await client.post("/api/v1/session/one-time", json={"token": token})
            assert (first.status_code, again.status_code) == (200, 401)

    with node:
        asyncio.run(while_serving(node, sign_in))


def test_a_port_that_is_taken_is_said_with_the_way_out(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        home = make_home(tmp_path / "home")
        text = home.config.read_text().replace("port = 0", f"port = {taken.getsockname()[1]}")
        home.config.write_text(text)
        with opened(home) as node, pytest.raises(AddressError, match="ALLIAGE_SERVER__PORT"):
            asyncio.run(node.serve())


def test_one_home_is_one_node(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    with opened(home), pytest.raises(LogInUseError):
        opened(home)
    with pytest.raises(HomeError, match="already"):
        init_home(home.folder, home.config.read_text())
