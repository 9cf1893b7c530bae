"""What a client is sent, and when."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from alliage.ontology.audience import Audience
from alliage.picture.messages import ProtocolError
from alliage.picture.session import Session
from tests.picture.support import (
    DANISH,
    MINUTE_US,
    NOON_US,
    OPEN,
    SECOND_US,
    World,
    decoded,
    report,
    subject_of,
)

DENMARK = [7.0, 54.0, 13.0, 58.0]


class Client:
    """A client that looks at the frames it gets."""

    def __init__(self, world: World, audience: Audience | None = None, **view: Any) -> None:
        self.world = world
        self.session = Session(world.picture, audience or world.everything)
        if view.pop("looks", True):
            self.look(**view)

    def look(self, bbox: list[float] = DENMARK, zoom: float = 6.0, **view: Any) -> None:
        self.session.receive(json.dumps({"type": "view", "bbox": bbox, "zoom": zoom} | view))

    def ack(self, seq: int) -> None:
        self.session.receive(json.dumps({"type": "ack", "seq": seq}))

    def tick(self, seconds: float = 1.0) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Let time pass; return the frames and acknowledge them."""
        self.world.hand.time_us += int(seconds * SECOND_US)
        frames = decoded(self.session.tick(self.world.hand.time_us))
        for header, _ in frames:
            if "seq" in header:
                self.ack(header["seq"])
        return frames

    def tracks(self, seconds: float = 1.0) -> tuple[dict[str, Any], dict[str, Any]]:
        """The one tracks frame of the next tick."""
        (frame,) = [frame for frame in self.tick(seconds) if frame[0]["type"] == "tracks"]
        return frame


@pytest.fixture
def world() -> World:
    return World()


def ship(number: int) -> str:
    return f"mmsi:{219_000_000 + number}"


def test_nothing_is_sent_before_the_client_says_what_it_looks_at(world: World) -> None:
    world.hear(report())
    client = Client(world, looks=False)
    assert client.tick() == []


def test_the_first_batch_holds_everything_in_view(world: World) -> None:
    world.hear(report(speed_mps=5.0, course_deg=90.0))
    world.claim("mmsi:219000001", name="FRIO")
    header, columns = Client(world).tracks()
    assert (header["reset"], header["rows"], header["total"]) == (True, 1, 1)
    assert (header["clock"], header["clock_us"]) == ("live", NOON_US + SECOND_US)
    (number,) = columns["id"]
    assert header["strings"][str(number)] == {
        "track": subject_of("denmark", "mmsi:219000001"),
        "object": subject_of("denmark", "mmsi:219000001"),
        "name": "FRIO",
        "schema": "Vessel",
        "sidc": "10013000001400000000",
        "identifier": "mmsi:219000001",
        "sources": ["denmark"],
    }
    marking = "ALLIAGE UNCLASSIFIED / REL TO DNK, FRA"
    assert header["labels"] == {str(columns["label"][0]): marking}
    assert header["banner"] == {"text": marking, "classification": "UNCLASSIFIED"}
    assert columns["valid"][0] == NOON_US
    assert columns["speed"][0] == 5.0
    assert np.isnan(columns["heading"][0])


def test_columns_of_an_ellipse_are_sent_only_where_something_has_one(world: World) -> None:
    world.hear(report(ship(1)), report(ship(2), position_std_m=9.0))
    client = Client(world)
    assert {"minor", "axis"}.isdisjoint(client.tracks()[1])
    ellipse = {"position_minor_std_m": 4.0, "position_axis_deg": 30.0}
    world.hear(report(ship(2), position_std_m=9.0, at_us=NOON_US + SECOND_US, **ellipse))
    _header, columns = client.tracks()
    assert (columns["minor"].tolist(), columns["axis"].tolist()) == ([4.0], [30.0])


def test_later_batches_hold_only_what_changed(world: World) -> None:
    world.hear(*[report(ship(n), lon=8.0 + n) for n in range(4)])
    client = Client(world)
    _, first = client.tracks()
    world.hear(report(ship(2), lon=10.1, at_us=NOON_US + SECOND_US))
    header, columns = client.tracks()
    assert (header["reset"], header["strings"], header["labels"]) == (False, {}, {})
    assert columns["id"].tolist() == [first["id"][2]]
    assert columns["lon"].tolist() == [10.1]
    header, columns = client.tracks()
    assert (header["rows"], header["total"]) == (0, 4)


def test_a_new_name_is_sent_again(world: World) -> None:
    world.hear(report())
    client = Client(world)
    client.tracks()
    world.claim("mmsi:219000001", name="FRIO")
    header, columns = client.tracks()
    assert header["strings"][str(columns["id"][0])]["name"] == "FRIO"


def test_batches_come_at_the_clients_rate(world: World) -> None:
    world.hear(report())
    client = Client(world, rate_hz=0.5)
    client.tracks(0)
    assert client.tick(1.0) == []
    assert len(client.tick(1.0)) == 1


def test_a_changed_view_is_answered_promptly(world: World) -> None:
    world.hear(report())
    client = Client(world)
    client.tracks(0)
    client.look(bbox=[8.0, 54.0, 14.0, 58.0])
    assert client.tick(0.05) == []
    assert len(client.tick(0.05)) == 1


def test_a_slow_client_gets_fewer_and_newer_batches(world: World) -> None:
    world.hear(report(lon=11.0))
    client = Client(world)
    sent = []
    for second in range(1, 11):
        now = NOON_US + second * SECOND_US
        world.hear(report(lon=11.0 + second / 100, at_us=now - 1))
        sent += decoded(client.session.tick(now))
    assert len(sent) == 2
    client.ack(2)
    ((header, columns),) = decoded(client.session.tick(NOON_US + 11 * SECOND_US))
    assert header["seq"] == 3
    assert columns["lon"].tolist() == [11.1]


def test_a_slow_client_does_not_slow_another(world: World) -> None:
    world.hear(report(lon=11.0))
    slow, quick = Client(world), Client(world)
    batches = 0
    for second in range(1, 11):
        slow.session.tick(NOON_US + second * SECOND_US)
        batches += len(quick.tick(1.0))
    assert batches == 10


def test_a_client_that_is_behind_is_due_when_it_has_acknowledged(world: World) -> None:
    world.hear(report())
    client = Client(world)
    for second in (1, 2):
        client.session.tick(NOON_US + second * SECOND_US)
    assert client.session.due_us is None
    client.ack(1)
    assert client.session.due_us == NOON_US + 3 * SECOND_US


def test_clients_that_began_at_different_moments_are_due_together(world: World) -> None:
    world.hear(report())
    early, late = Client(world), Client(world)
    early.session.tick(NOON_US + 120_000)
    late.session.tick(NOON_US + 180_000)
    assert early.session.due_us == late.session.due_us == NOON_US + 1_100_000


def test_a_batch_carries_on_unless_the_view_is_a_new_one(world: World) -> None:
    world.hear(report())
    client = Client(world)
    assert not client.session.carries_on
    client.tracks()
    assert client.session.carries_on
    client.look(bbox=[8.0, 54.0, 14.0, 58.0])
    assert not client.session.carries_on
    client.tracks()
    client.session.change_audience(world.only(OPEN))
    assert not client.session.carries_on


def test_only_what_the_viewport_shows_is_sent(world: World) -> None:
    world.hear(report(ship(1), lon=8.0), report(ship(2), lon=20.0))
    header, columns = Client(world).tracks()
    assert header["total"] == 1
    assert columns["lon"].tolist() == [8.0]


def test_a_viewport_may_cross_180_degrees(world: World) -> None:
    lons = [179.0, -179.0, 0.0, 170.0]
    world.hear(*[report(ship(n), lon=lon, lat=0.0) for n, lon in enumerate(lons)])
    for bbox in (
        [175.0, -5.0, -175.0, 5.0],
        [175.0, -5.0, 185.0, 5.0],
        [-185.0, -5.0, -175.0, 5.0],
    ):
        _, columns = Client(world, bbox=bbox).tracks()
        assert columns["lon"].tolist() == [179.0, -179.0]


def test_what_leaves_the_view_is_removed_and_described_again_when_it_returns(world: World) -> None:
    world.hear(report())
    client = Client(world)
    _, columns = client.tracks()
    number = int(columns["id"][0])
    world.hear(report(lon=20.0, at_us=NOON_US + SECOND_US))
    header, _ = client.tracks()
    assert (header["removed"], header["rows"]) == ([number], 0)
    assert client.tracks()[0]["removed"] == []
    world.hear(report(lon=11.0, at_us=NOON_US + 3 * SECOND_US))
    header, columns = client.tracks()
    assert columns["id"].tolist() == [number]
    assert str(number) in header["strings"]


def test_a_view_elsewhere_resets_the_client(world: World) -> None:
    world.hear(report(ship(1), lon=8.0), report(ship(2), lon=20.0))
    client = Client(world)
    client.tracks()
    client.look(bbox=[19.0, 54.0, 21.0, 58.0])
    header, columns = client.tracks()
    assert (header["reset"], header["removed"]) == (True, [])
    assert columns["lon"].tolist() == [20.0]
    assert len(header["labels"]) == 1


def test_a_selected_track_is_sent_wherever_it_is(world: World) -> None:
    world.hear(report(ship(1), lon=8.0), report(ship(2), lon=20.0))
    chosen = subject_of("denmark", ship(2))
    header, columns = Client(world, selected=[chosen, "nobody"], schemata=["Vessel"]).tracks()
    assert columns["lon"].tolist() == [8.0, 20.0]
    assert header["total"] == 1


def test_kinds_are_chosen_with_all_that_extend_them(world: World) -> None:
    world.hear(
        report(ship(1), lon=8.0),
        report(ship(2), lon=9.0, schema="Aircraft"),
        report(ship(3), lon=10.0, schema="CoastStation"),
    )
    _, columns = Client(world, schemata=["Platform"]).tracks()
    assert columns["lon"].tolist() == [8.0, 9.0]


def test_a_lost_ship_fades_ends_and_is_removed(world: World) -> None:
    staleness = world.picture._ontology.schemata["Vessel"].staleness
    world.hear(report())
    client = Client(world)
    _, columns = client.tracks()
    number = int(columns["id"][0])
    header, _ = client.tracks(staleness.fade_s - 2)
    assert header["rows"] == 0
    _, columns = client.tracks(2)
    assert columns["state"].tolist() == [1]
    header, columns = client.tracks(staleness.end_s - staleness.fade_s)
    assert (columns["state"].tolist(), header["total"], header["removed"]) == ([2], 0, [])
    header, columns = client.tracks()
    assert (header["rows"], header["removed"]) == (0, [number])
    assert Client(world).tracks()[0]["rows"] == 0
    assert world.view().totals().tracks == 0
    assert world.view().totals().by_state["ended"] == 1


def test_a_ship_that_is_heard_again_comes_back(world: World) -> None:
    world.hear(report())
    client = Client(world)
    client.tracks()
    _, columns = client.tracks(3600)
    assert columns["state"].tolist() == [2]
    world.hear(report(lon=11.5, at_us=world.hand.time_us))
    header, columns = client.tracks()
    assert (header["removed"], columns["state"].tolist()) == ([], [0])


def test_a_replay_that_starts_again_empties_the_clients_view(world: World) -> None:
    world.picture.start_replay("denmark", 1.0)
    world.hear(report())
    client = Client(world)
    _, columns = client.tracks()
    world.picture.start_replay("denmark", 1.0)
    header, _ = client.tracks()
    assert (header["rows"], header["removed"]) == (0, columns["id"].tolist())


def test_more_than_anyone_could_read_is_sent_as_cells(world: World) -> None:
    lons = np.linspace(8.0, 12.0, 2000)
    rows = [report(ship(n), lon=float(lon), speed_mps=n % 2 * 5.0) for n, lon in enumerate(lons)]
    world.hear(*rows)
    chosen = subject_of("denmark", ship(7))
    client = Client(world, selected=[chosen])
    (cells, columns), (tracks, selected) = client.tick()
    assert (cells["type"], cells["total"], cells["schemata"]) == ("cells", 2000, ["Vessel"])
    assert columns["count"].sum() == 2000
    assert columns["moving"].sum() == 1000
    assert 2 <= len(columns["count"]) <= 20
    assert np.average(columns["lon"], weights=columns["count"]) == pytest.approx(10.0)
    assert (tracks["reset"], tracks["aggregated"], tracks["rows"]) == (True, True, 1)
    assert tracks["strings"][str(selected["id"][0])]["identifier"] == ship(7)
    client.look(bbox=[8.0, 54.0, 9.0, 58.0], selected=[chosen])
    ((tracks, columns),) = client.tick()
    assert (tracks["reset"], tracks["aggregated"]) == (True, False)
    assert len(columns["id"]) == tracks["total"] == 500


def test_cells_are_counted_by_who_is_friend(world: World) -> None:
    lons = np.linspace(8.0, 12.0, 2000)
    world.hear(*[report(ship(n), lon=float(lon)) for n, lon in enumerate(lons)])
    client = Client(world)

    def counted() -> dict[int, int]:
        columns = next(columns for header, columns in client.tick() if header["type"] == "cells")
        identity, count = columns["identity"].tolist(), columns["count"].tolist()
        return {
            one: sum(c for i, c in zip(identity, count, strict=True) if i == one)
            for one in set(identity)
        }

    assert counted() == {1: 2000}
    world.claim(ship(3), affiliation="friend")
    world.claim(ship(4), affiliation="neutral")
    world.hear(report(ship(5), lon=8.0, at_us=NOON_US + SECOND_US))
    assert counted() == {1: 1998, 3: 1, 4: 1}
    world.claim(ship(4), affiliation="hostile", at_us=NOON_US + MINUTE_US)
    world.hear(report(ship(5), lon=8.0, at_us=NOON_US + 2 * SECOND_US))
    assert counted() == {1: 1998, 3: 1, 6: 1}
    world.claim(ship(3), affiliation="hostile", label=DANISH, at_us=NOON_US + MINUTE_US)
    world.hear(report(ship(5), lon=8.0, at_us=NOON_US + 3 * SECOND_US))
    assert counted() == {1: 1998, 6: 2}
    client = Client(world, world.only(OPEN))
    assert counted() == {1: 1998, 3: 1, 6: 1}


def test_trails_follow_for_tracks_that_grew(world: World) -> None:
    world.hear(*[report(ship(n), lon=8.0 + n, at_us=NOON_US - MINUTE_US) for n in range(2)])
    world.hear(*[report(ship(n), lon=8.1 + n) for n in range(2)])
    client = Client(world, trails=True)
    (_, tracks), (header, trails) = client.tick()
    assert (header["type"], header["rows"]) == ("trails", 2)
    assert trails["id"].tolist() == tracks["id"].tolist()
    assert trails["count"].tolist() == [2, 2]
    np.testing.assert_allclose(trails["lon"], [8.0, 8.1, 9.0, 9.1], atol=1e-5)
    assert [header["type"] for header, _ in client.tick()] == ["tracks"]
    world.hear(report(ship(1), lon=9.2, at_us=NOON_US + MINUTE_US))
    _, (_, trails) = client.tick()
    assert trails["count"].tolist() == [3]


def test_trails_come_when_they_are_asked_for_later(world: World) -> None:
    world.hear(report())
    client = Client(world)
    assert len(client.tick()) == 1
    client.look(trails=True)
    assert [header["type"] for header, _ in client.tick()] == ["tracks", "trails"]


def test_new_rights_make_the_client_forget(world: World) -> None:
    world.hear(report(ship(1), lon=8.0))
    world.hear(report(ship(2), lon=9.0), label=DANISH)
    client = Client(world)
    _, before = client.tracks()
    client.session.change_audience(world.only(OPEN))
    header, after = client.tracks()
    assert (header["reset"], after["lon"].tolist()) == (True, [8.0])
    assert not set(after["id"]) & set(before["id"])


def test_an_empty_view_has_no_marking_and_still_tells_the_time(world: World) -> None:
    header, _ = Client(world).tracks()
    assert (header["banner"], header["rows"], header["total"]) == (None, 0, 0)
    assert header["clock_us"] == NOON_US + SECOND_US


def test_notices_reach_those_who_may_see_them(world: World) -> None:
    danish = world.label_sets.intern(frozenset([DANISH]))
    insider, outsider = Client(world, looks=False), Client(world, world.only(OPEN), looks=False)
    publish = world.picture.notices.publish
    publish("sources", "denmark", {"state": "waiting"}, danish)
    publish("sources", "denmark", {"state": "connected"}, danish)
    publish("banner", "", {"text": "EXERCISE"}, None)
    seen = [header for header, _ in insider.tick()]
    assert [(header["type"], header["notice"]) for header in seen] == [
        ("notice", "sources"),
        ("notice", "banner"),
    ]
    assert seen[0]["state"] == "connected"
    assert [header["notice"] for header, _ in outsider.tick()] == ["banner"]
    assert insider.tick() == []


VIEW = {"type": "view", "bbox": DENMARK, "zoom": 6}


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ("not JSON", "JSON"),
        ("[]", "object"),
        (json.dumps({"type": "shout"}), "one of 'view', 'ack'"),
        (json.dumps({"type": "ack", "seq": 1}), "has not been sent"),
        (json.dumps({"type": "ack", "seq": "1"}), "seq"),
        (json.dumps(VIEW | {"bbox": [1, 2, 3]}), "bbox"),
        (json.dumps(VIEW | {"bbox": [7, 58, 13, 54]}), "bbox"),
        (json.dumps(VIEW | {"bbox": ["7", 54, 13, 58]}), "bbox"),
        (json.dumps(VIEW | {"rate_hz": 11}), "rate_hz"),
        (json.dumps(VIEW | {"rate_hz": 0}), "rate_hz"),
        (json.dumps(VIEW | {"selected": ["x"] * 51}), "selected"),
        (json.dumps(VIEW | {"colour": "red"}), "colour"),
        (json.dumps(VIEW).replace("6", "NaN"), "zoom"),
        (
            json.dumps(VIEW | {"schemata": ["x" * 90] * 99, "selected": ["y" * 180] * 50}),
            "characters",
        ),
    ],
)
def test_a_message_that_is_not_understood_closes_with_4400_and_says_why(
    world: World, message: str, why: str
) -> None:
    with pytest.raises(ProtocolError, match=why) as refused:
        Client(world, looks=False).session.receive(message)
    assert refused.value.code == 4400
    assert 0 < len(refused.value.reason.encode()) <= 123
