"""The picture's WebSocket: who gets in, what comes out, and that the slow never slow the quick."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from alliage.picture.encode import decode_frame
from alliage.server.settings import ServerSettings
from tests.server.small_node import FRIO, NATIONAL, SHARED, Ship, SmallNode, wait_until

VIEW = {"type": "view", "bbox": [5.0, 50.0, 20.0, 60.0], "zoom": 6.0, "rate_hz": 10.0}
PATIENCE_S = 60.0


def _node(folder: Path) -> SmallNode:
    """A node with one ship, that looks at sessions often and takes three clients."""
    settings = dataclasses.replace(ServerSettings(), check_session_s=0.05, max_clients=3)
    node = SmallNode(folder, settings)
    node.report("denmark", SHARED, [Ship(FRIO, 11.0, 55.0)])
    return node


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallNode]:
    node = _node(tmp_path_factory.mktemp("shared"))
    yield node
    node.close()


@pytest.fixture
def live(shared: SmallNode) -> SmallNode:
    """The shared node as it was: nobody connected, the ship where it began."""
    wait_until(lambda: len(shared.app.state.sockets) == 0)
    shared.report("denmark", SHARED, [Ship(FRIO, 11.0, 55.0)])
    return shared


@pytest.fixture
def own(tmp_path: Path) -> Iterator[SmallNode]:
    """A node for a test that leaves it changed."""
    node = _node(tmp_path)
    yield node
    node.close()


def _open(node: SmallNode, client: httpx.Client | None, **options: Any) -> ClientConnection:
    cookies = {} if client is None else dict(client.cookies)
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    address = node.url.replace("http", "ws") + "/api/v1/picture"
    options = {"origin": node.url, **options}
    return connect(address, additional_headers=headers, compression=None, **options)


def _say(socket: ClientConnection, message: dict[str, Any]) -> None:
    socket.send(json.dumps(message))


def _next_tracks(socket: ClientConnection) -> tuple[dict[str, Any], dict[str, Any]]:
    while True:
        frame = socket.recv(timeout=PATIENCE_S)
        assert isinstance(frame, bytes)
        header, columns = decode_frame(frame)
        if header["type"] == "tracks":
            _say(socket, {"type": "ack", "seq": header["seq"]})
            return header, columns


def _close_code(socket: ClientConnection) -> int:
    for _frame in iter(lambda: _frame_or_end(socket), None):
        pass
    assert socket.close_code is not None
    return socket.close_code


def _frame_or_end(socket: ClientConnection) -> str | bytes | None:
    try:
        return socket.recv(timeout=PATIENCE_S)
    except ConnectionClosed:
        return None


def test_a_client_is_sent_what_its_view_shows_and_then_what_changes(live: SmallNode) -> None:
    with _open(live, live.client("fleur")) as socket:
        _say(socket, VIEW)
        header, columns = _next_tracks(socket)
        assert header["reset"] is True
        assert header["total"] == 1
        assert columns["lon"].tolist() == [11.0]
        assert header["banner"]["text"] == "ALLIAGE UNCLASSIFIED / REL TO DNK, FRA"
        (words,) = header["strings"].values()
        assert words["identifier"] == f"mmsi:{FRIO}"
        live.report("denmark", SHARED, [Ship(FRIO, 11.25, 55.0)])
        deadline = time.monotonic() + PATIENCE_S
        while columns["lon"].tolist() != [11.25]:
            assert time.monotonic() < deadline
            header, columns = _next_tracks(socket)
            assert header["reset"] is False


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null"])
def test_another_sites_page_gets_no_picture(live: SmallNode, origin: str | None) -> None:
    with _open(live, live.client("fleur"), origin=origin) as socket:
        assert _close_code(socket) == 4401


def test_nobody_gets_a_picture_without_a_session(live: SmallNode) -> None:
    with _open(live, None) as socket:
        assert _close_code(socket) == 4401


def test_signing_out_closes_the_socket(live: SmallNode) -> None:
    client = live.client("fleur")
    with _open(live, client) as socket:
        _say(socket, VIEW)
        _next_tracks(socket)
        client.delete("session")
        assert _close_code(socket) == 4401


def test_lost_rights_empty_the_picture(own: SmallNode) -> None:
    with _open(own, own.client("fleur")) as socket:
        _say(socket, VIEW)
        assert _next_tracks(socket)[0]["total"] == 1
        fleur = own.accounts.find("fleur")
        assert fleur is not None
        own.accounts.change(fleur.principal.user_id, nation="DEU")
        deadline = time.monotonic() + PATIENCE_S
        while (header := _next_tracks(socket)[0])["total"]:
            assert time.monotonic() < deadline
        assert header["reset"] is True


@pytest.mark.parametrize(
    "message",
    ["not json", "{}", '{"type": "view"}', '{"type": "ack", "seq": 99}', b"\x00\x01", "x" * 20_000],
)
def test_what_is_not_understood_closes_the_socket(live: SmallNode, message: str | bytes) -> None:
    with _open(live, live.client("fleur")) as socket:
        socket.send(message)
        assert _close_code(socket) == 4400
        assert socket.close_reason


def test_a_message_of_megabytes_is_not_even_read(live: SmallNode) -> None:
    with _open(live, live.client("fleur")) as socket:
        socket.send("x" * 1_000_000)
        assert _close_code(socket) == 1009


def test_there_is_room_for_so_many_clients(live: SmallNode) -> None:
    client = live.client("fleur")
    with _open(live, client) as one, _open(live, client) as two, _open(live, client) as three:
        for open_socket in (one, two, three):
            _say(open_socket, VIEW)
            _next_tracks(open_socket)
        with _open(live, client) as one_too_many:
            assert _close_code(one_too_many) == 1013
    wait_until(lambda: len(live.app.state.sockets) == 0)
    with _open(live, client) as again:
        _say(again, VIEW)
        assert _next_tracks(again)[0]["total"] == 1


def test_a_notice_reaches_those_who_may_know(live: SmallNode) -> None:
    hidden = live.log.label_sets.intern(frozenset([NATIONAL]))
    shared = live.log.label_sets.intern(frozenset([SHARED]))
    with _open(live, live.client("fleur")) as socket:
        _say(socket, VIEW)
        _next_tracks(socket)
        with live.picture.lock:
            notices = live.picture.notices
            notices.publish("sources", "submarine-net", {"state": "failed"}, hidden)
            notices.publish("sources", "escort", {"state": "waiting"}, shared)
        told = {}
        while told.get("type") != "notice":
            told, _ = decode_frame(bytes(socket.recv(timeout=PATIENCE_S)))
        assert (told["notice"], told["about"], told["state"]) == ("sources", "escort", "waiting")


def test_a_node_that_shuts_down_says_so(own: SmallNode) -> None:
    with _open(own, own.client("fleur")) as socket:
        _say(socket, VIEW)
        _next_tracks(socket)
        own.stop()
        assert _close_code(socket) == 1001


def test_a_client_that_reads_nothing_does_not_slow_another(own: SmallNode) -> None:
    ships = [Ship(219_100_000 + n, 6 + n % 100 / 10, 51 + n / 200) for n in range(400)]
    own.report("denmark", SHARED, ships)
    client = own.client("fleur")
    options = {"max_queue": 1, "ping_interval": None, "close_timeout": 0.1}
    with _open(own, client, **options) as deaf, _open(own, client) as quick:
        _say(deaf, VIEW | {"trails": True})
        _say(quick, VIEW)
        assert _next_tracks(quick)[0]["total"] == 401
        for step in range(1, 6):
            own.report("denmark", SHARED, [Ship(s.mmsi, s.lon, s.lat + step / 1e3) for s in ships])
            while _next_tracks(quick)[0]["rows"] < 400:
                pass  # a tick between two reports; the patience of _next_tracks ends it


def test_a_deaf_client_gets_the_newest_when_it_listens_again(live: SmallNode) -> None:
    with _open(live, live.client("fleur")) as socket:
        _say(socket, VIEW)
        seen = []
        while len(seen) < 2:  # without acknowledging
            header, columns = decode_frame(bytes(socket.recv(timeout=PATIENCE_S)))
            seen.append(header["seq"])
            live.report("denmark", SHARED, [Ship(FRIO, 11.0 + len(seen) / 10, 55.0)])
        for step in range(5):
            live.report("denmark", SHARED, [Ship(FRIO, 12.0 + step, 55.0)])
        with pytest.raises(TimeoutError):
            socket.recv(timeout=0.5)
        _say(socket, {"type": "ack", "seq": seen[-1]})
        header, columns = _next_tracks(socket)
        assert header["seq"] == seen[-1] + 1
        assert columns["lon"].tolist() == [16.0]


def test_a_program_with_a_token_that_reads_is_let_in_and_no_other(live: SmallNode) -> None:
    carl = live.client("carl")

    def opened(scope: str) -> ClientConnection:
        body = {"name": scope.replace(":", " "), "scopes": [scope]}
        token = carl.post("tokens", json=body).json()["token"]
        address = live.url.replace("http", "ws") + "/api/v1/picture"
        return connect(address, additional_headers={"Authorization": f"Bearer {token}"})

    with opened("read") as socket:
        _say(socket, VIEW)
        assert _next_tracks(socket)[0]["rows"] == 1
    with opened("write:claims") as socket:
        assert _close_code(socket) == 4401
