"""Detectors in a node: what they tell, to whom, and again after a restart."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from alliage.detection import Alert, alert_of
from alliage.detection.detectors.drifting import Drifting
from alliage.detection.learned import LearnedFiles
from alliage.detection.plans import FOLLOWED_BY
from alliage.detection.rules import RuleVersion
from alliage.detection_context import LIVE, room_for
from alliage.geo.flat import moved
from alliage.log import Draft
from alliage.ontology.audience import Audience
from alliage.ontology.claim import ALERT, RULE, Claim
from alliage.ontology.label import Label
from tests.detection.recordings import NOON_US, SECOND_US, batch, report
from tests.node.conftest import make_home, opened, recording, until
from tests.picture.support import DANISH, FRENCH, OPEN


def a_way(mmsi: int, lat: float, drifts: bool) -> list[dict[str, Any]]:
    """Twenty minutes of a ship that goes north, or is blown east across its heading."""
    speed, course = (1.2, 90.0) if drifts else (6.0, 0.0)
    rows = []
    for second in range(0, 1_200, 20):
        way_m = speed * second
        east, north = (way_m, 0.0) if drifts else (0.0, way_m)
        place = moved(lat, 18.0, east, north)
        rows.append(
            report(
                second, f"mmsi:{mmsi}", lat=float(place[0]), lon=float(place[1]),
                speed_mps=speed, course_deg=course, heading_deg=1.0,
            )
        )  # fmt: skip
    return rows


Ships = Sequence[tuple[int, bool]]
Streams = dict[str, tuple[Label, Ships]]


def drafts_of(streams: Streams) -> list[Draft]:
    """The reports of all streams, minute by minute as they would come."""
    made = []
    for minute in range(20):
        begin, end = (NOON_US + at * 60 * SECOND_US for at in (minute, minute + 1))
        for stream, (label, ships) in sorted(streams.items()):
            rows = [
                row
                for nth, (mmsi, drifts) in enumerate(ships)
                for row in a_way(mmsi, 55.0 + nth, drifts)
                if begin <= row["valid"] < end
            ]
            if rows:
                made.append(Draft(stream, frozenset([label]), batch(rows)))
    return made


def told_of(node: Any, may_see: Callable[[Label], bool]) -> list[tuple[Alert, str]]:
    """What one reader is told, with the stream in which it stands."""
    audience = Audience("reader", may_see, node.log.label_sets)
    reader = node.claims.reader(audience)
    return [(alert_of(item.claim), item.stream) for item in reader.said_since((ALERT,), 0)]


def looked_at(node: Any, drafts: list[Draft]) -> None:
    before = node.log.last_number
    node.writer.submit(drafts).result()
    node.machines.detecting.take(node._machine_reader().read(after=before))


def test_who_drifts_is_told_to_those_who_see_the_reports(tmp_path: Path) -> None:
    with opened(make_home(tmp_path / "node")) as node:
        looked_at(node, drafts_of({"ais": (DANISH, [(219_000_001, True), (219_000_002, False)])}))
        told = told_of(node, lambda label: label in (OPEN, DANISH))
        assert {alert.identifiers for alert, _ in told} == {("mmsi:219000001",)}
        assert {stream for _, stream in told} == {f"detector:drifting@{Drifting.version}"}
        assert told_of(node, lambda label: label in (OPEN, FRENCH)) == []


def test_what_was_told_is_not_told_again_after_a_restart(tmp_path: Path) -> None:
    home = make_home(tmp_path / "node")
    drafts = drafts_of({"ais": (OPEN, [(219_000_001, True)])})
    with opened(home) as node:
        looked_at(node, drafts)
        before = told_of(node, lambda _label: True)
    with opened(home) as node:
        node.machines.detecting.take(node._machine_reader().read())
        assert before
        assert told_of(node, lambda _label: True) == before


def learned_by(node: Any) -> dict[Any, Any]:
    return {key: engine.dump() for key, engine in node.machines.detecting.contexts().items()}


def test_what_was_learned_is_known_after_a_restart_and_not_learned_twice(tmp_path: Path) -> None:
    home = make_home(tmp_path / "node")
    with opened(home) as node:
        looked_at(node, drafts_of({"ais": (OPEN, [(219_000_001, True), (219_000_002, False)])}))
        node.machines.detecting.save(node.log.last_number)
        before = learned_by(node)
    with opened(home) as node:
        node.machines.detecting.take(node._machine_reader().read())
        (one,), (again,) = before.values(), learned_by(node).values()
        assert one["forecast@2/learned"] > 0
        assert all(np.array_equal(one[name], again[name]) for name in one)


def test_a_node_starts_although_what_was_learned_cannot_be_read(tmp_path: Path) -> None:
    home = make_home(tmp_path / "node")
    drafts = drafts_of({"ais": (OPEN, [(219_000_001, True)])})
    with opened(home) as node:
        looked_at(node, drafts)
        node.machines.detecting.save(node.log.last_number)
    (path,) = home.learned.iterdir()
    path.write_bytes(b"nothing that was ever learned")
    with opened(home) as node:
        node.machines.detecting.take(node._machine_reader().read())
        assert not path.exists()
        assert len(node.machines.detecting.contexts()) == 1


def test_who_is_stopped_writes_down_what_was_learned(tmp_path: Path) -> None:
    home = make_home(tmp_path / "node")
    with opened(home) as node:
        detecting = node.machines.detecting
        following = Thread(target=detecting.follow)
        following.start()
        node.writer.submit(
            drafts_of({"ais": (OPEN, [(219_000_001, True), (219_000_002, True)])})
        ).result()
        asyncio.run(until(lambda: bool(told_of(node, lambda _label: True))))
        detecting.stop()
        following.join()
        assert LearnedFiles(home.learned).saved_us()


def test_who_is_stopped_before_it_began_ends(tmp_path: Path) -> None:
    with opened(make_home(tmp_path / "node")) as node:
        node.machines.detecting.stop()
        node.machines.detecting.follow()
        assert node.machines.detecting.contexts() == {}


def test_what_was_said_before_the_first_reports_of_a_label_is_known_where_they_are_looked_at(
    tmp_path: Path,
) -> None:
    """Also where it was said after the node had started."""
    box = [[17.9, 55.0], [18.1, 55.0], [18.1, 55.2], [17.9, 55.2], [17.9, 55.0]]
    outline = orjson.dumps({"type": "Polygon", "coordinates": [box]}).decode()
    words = {"geometry": outline, "control_measure": "limited_access_area"}
    said = tuple(
        Claim(name, "s", "area:1", "Area", name, value, NOON_US) for name, value in words.items()
    )
    with opened(make_home(tmp_path / "node")) as node:
        following = Thread(target=node.machines.detecting.follow)
        following.start()
        node.writer.submit([Draft("person:carl", frozenset([OPEN]), said)]).result()
        node.writer.submit(drafts_of({"ais": (OPEN, [(219_000_001, False)])})).result()
        asyncio.run(until(lambda: bool(told_of(node, lambda _label: True))))
        node.machines.detecting.stop()
        following.join()
        assert {alert.area for alert, _ in told_of(node, lambda _label: True)} == {"area:1"}


def test_a_replay_and_what_is_live_are_looked_at_apart(tmp_path: Path) -> None:
    """Also where the first of a label was something said, which both hear."""
    path = tmp_path / "replay.nmea"
    path.touch()
    with opened(make_home(tmp_path / "node", recording(path))) as node:
        (label,) = node.streams.labels["denmark"]
        said = Claim("c", "s", "mmsi:219000001", "Vessel", "name", "FRIDA", NOON_US)
        drafts = drafts_of({stream: (label, [(1, False)]) for stream in ("denmark", "radar")})
        another = drafts_of({"brest": (FRENCH, [(2, False)])})
        words = Draft("person:carl", frozenset([label]), (said,))
        for some in (drafts[:20], another, [words], drafts[20:]):
            looked_at(node, some)
        heard = {
            (key.timeline, *node.log.label_sets.labels_of(key.label_set)): set(
                engine.scene.things.streams
            )
            for key, engine in node.machines.detecting.contexts().items()
        }
        assert heard == {
            (LIVE, label): {"radar"},
            ("denmark", label): {"denmark"},
            (LIVE, FRENCH): {"brest"},
        }


def test_alerts_make_no_thing_appear_on_the_picture(tmp_path: Path) -> None:
    with opened(make_home(tmp_path / "node")) as node:
        looked_at(node, drafts_of({"ais": (OPEN, [(219_000_001, True)])}))
        everybody = Audience("all", lambda _label: True, node.log.label_sets)
        items = node.picture.view(everybody).page(states=["live", "fading", "ended"]).items
        assert [item.identifier for item in items] == ["mmsi:219000001"]


READERS: dict[str, Callable[[Label], bool]] = {
    "danish": lambda label: label in (OPEN, DANISH),
    "french": lambda label: label in (OPEN, FRENCH),
    "open": lambda label: label == OPEN,
}
SHIPS = st.lists(st.tuples(st.integers(219_000_001, 219_000_003), st.booleans()), max_size=2)
STREAMS = st.dictionaries(
    st.sampled_from(["one", "two", "three"]),
    st.tuples(st.sampled_from([OPEN, DANISH, FRENCH]), SHIPS),
    min_size=1,
)


@settings(max_examples=5, deadline=None)
@given(STREAMS, st.sampled_from(sorted(READERS)))
def test_a_hidden_report_changes_no_alert_of_a_reader_who_cannot_see_it(
    streams: Streams, who: str
) -> None:
    seen = []
    for shown in (streams, {n: s for n, s in streams.items() if READERS[who](s[0])}):
        with ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            home, drafts = make_home(Path(folder) / "node"), drafts_of(shown)
            with opened(home) as node:
                looked_at(node, drafts[: len(drafts) // 2])
                node.machines.detecting.save(node.log.last_number)
            node = stack.enter_context(opened(home))
            node.machines.detecting.take(node._machine_reader().read())
            looked_at(node, drafts[len(drafts) // 2 :])
            seen.append(told_of(node, READERS[who]))
    assert seen[0] == seen[1]


FAST = "rule Fast\nspeed above 3 kn"


def rule_of(text: str, label: Label) -> Draft:
    claim = Claim("rule-1", "s", "rule:1", "Thing", RULE, RuleVersion(1, text).to_value(), NOON_US)
    return Draft("person:carl", frozenset([label]), (claim,))


def test_what_a_rule_finds_is_told_to_those_who_see_the_rule_and_the_reports(
    tmp_path: Path,
) -> None:
    """Its label is in no context: it gets one, in which no detector tells anything again."""
    drafts = drafts_of({"ais": (OPEN, [(219_000_001, True)])})
    with opened(make_home(tmp_path / "node")) as node:
        looked_at(node, [drafts[0], rule_of("rule Slow\nspeed below 3 kn", DANISH)])
        looked_at(node, drafts[1:])
        told = told_of(node, lambda label: label in (OPEN, DANISH))
        assert {alert.detector for alert, _ in told} == {"drifting", "rule:1"}
        assert {stream for _, stream in told if "rule" in stream} == {"detector:rule:1@1"}
        theirs = told_of(node, lambda label: label == OPEN)
        assert {alert.detector for alert, _ in theirs} == {"drifting"}
        hidden = told_of(node, lambda label: label == DANISH)
        assert hidden == []


def plan_of(follower: str, label: Label, name: str = "object:1") -> Draft:
    """A way to the east past where the ship is, which leaves it at once."""
    line = orjson.dumps(
        {"type": "LineString", "coordinates": [[17.0, 55.0], [19.0, 55.0]]}
    ).decode()
    words = {"geometry": line, FOLLOWED_BY: follower, "corridor_m": 1_000.0}
    said = tuple(
        Claim(f"{name}-{word}", "s", name, "Route", word, value, NOON_US)
        for word, value in words.items()
    )
    return Draft("person:carl", frozenset([label]), said)


def test_who_leaves_a_planned_route_is_told_to_those_who_see_the_plan_and_the_reports(
    tmp_path: Path,
) -> None:
    """Whatever else is hidden from them: the plan is looked for under what its label covers."""
    ships = {"ais": (OPEN, [(219_000_001, False)]), "brest": (FRENCH, [(219_000_009, False)])}
    drafts = drafts_of(ships)
    with opened(make_home(tmp_path / "node")) as node:
        named = node.machines.detecting.subject_of("ais", "mmsi:219000001")
        looked_at(node, [*drafts[:2], plan_of(named, DANISH)])
        looked_at(node, drafts[2:])
        told = told_of(node, lambda label: label in (OPEN, DANISH))
        assert {(alert.detector, alert.area) for alert, _ in told} == {("off_plan", "object:1")}
        assert {alert.identifiers for alert, _ in told} == {("mmsi:219000001",)}
        assert told_of(node, lambda label: label == OPEN) == []


def test_a_route_under_a_higher_label_raises_no_label_of_who_is_off_another(
    tmp_path: Path,
) -> None:
    drafts = drafts_of({"ais": (OPEN, [(219_000_001, False)])})
    with opened(make_home(tmp_path / "node")) as node:
        higher = plan_of("mmsi:219000009", DANISH, "object:2")
        looked_at(
            node, [*drafts[:1], plan_of("mmsi:219000001", OPEN), higher, rule_of(FAST, DANISH)]
        )
        looked_at(node, drafts[1:])
        told = told_of(node, lambda label: label in (OPEN, DANISH))
        assert told_of(node, lambda label: label == OPEN) == [
            one for one in told if one[0].detector == "off_plan"
        ]
        assert {alert.area for alert, _ in told if alert.detector == "off_plan"} == {"object:1"}
        assert {alert.detector for alert, _ in told} == {"off_plan", "rule:1"}


def test_a_context_is_made_for_what_people_ask_where_there_is_none() -> None:
    mine, seen, hidden = (frozenset([one]) for one in (DANISH, OPEN, FRENCH))
    assert room_for(FOLLOWED_BY, mine, [], [seen, hidden]) == mine | seen
    assert room_for(FOLLOWED_BY, mine, [seen, hidden], [mine | seen]) is None
    assert room_for(FOLLOWED_BY, seen, [seen], [seen]) is None
    assert room_for(RULE, mine, [seen], [seen, hidden]) == mine | seen | hidden
    assert room_for(RULE, mine, [], [mine | seen]) is None
