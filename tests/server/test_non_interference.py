"""The law at the door: with or without what a reader may not see, the same bytes are sent to it.

Labels, sources, readers and what the sources say are drawn at random; the clock is a hand's. Two
nodes with the same keys take the same entries, one of them only those that the reader may see.
Every GET of the API and the picture's socket then answer alike, byte for byte; those that are left
out say why (``LEFT_OUT``). The random ids of entries, requests and refused bytes are replaced by
their order, and a source's bytes per second, which a real stopwatch measures, by nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from websockets.sync.client import connect
from websockets.typing import Origin

from alliage.access.rights import Rights
from alliage.detection import Alert, alert_claim
from alliage.log import Draft, NodeKeys
from alliage.ontology.label import CLASSIFICATIONS, UNLABELLED, Label
from alliage.picture.encode import decode_frame
from alliage.server.app import openapi_document
from tests.access.lattice import Person, permits
from tests.server.small_node import Ship, SmallNode

KEYS = NodeKeys.generate()
BEGIN_US = 1_790_000_000_000_000
STREAMS = ("denmark", "france", "submarine-net")
DETECTOR = "detector:drifting@1"
SHIPS = (219000001, 219000002, 226000003)
WORDS = ("FRIO", "ALBATROS", "SVEA")
ALERT = "an alert"
"""In place of a word: a detector tells of the ship."""
LABELS = (
    Label.make("ALLIAGE", "UNCLASSIFIED"),
    Label.make("ALLIAGE", "SECRET", ["DNK"]),
    Label.make("ALLIAGE", "RESTRICTED", ["DNK", "FRA"]),
    Label.make("NATO", "UNCLASSIFIED", restrictive={"Additional Sensitivity": ["NORTH"]}),
    UNLABELLED,
)
_RANDOM = re.compile(r"urn:alliage:request:[0-9a-f]+|\b(?:[0-9a-f]{24}|[0-9a-f]{32})\b")
_OTHERS = (
    "access/withheld", "plots", "searches", "proposals", "review", "schemata", "schemata/Vessel",
    "schemata/refused", "formats", "markings/words?text=ALLIAGE%20SECRET", "markings/policies",
    "users", "vouchings", "tokens", "exercises", "exercises/escort/measures",
    "exercises/escort/measures/series", "quality", "quality/series", "incidents",
    "incidents?shown=over", "tasks", "detectors", "watch/log", "watch/rules", "watch/rules/forms",
    "watch/rules/none/versions", "notifications", "traffic/usual?lat=55&lon=10", "audit",
    "audit/export", "health/live", "health/ready", "metrics",
)  # fmt: skip
"""Addresses that need nothing of what was said."""
_HEADERS = (
    "content-type", "etag", "cache-control", "location", "link",
    "content-disposition", "x-alliage-rows", "x-alliage-marking", "x-alliage-not-kept",
)  # fmt: skip


LEFT_OUT = {
    "/session": "tells a reader of their own session alone, with its secret",
    "/basemaps/{name}/{z}/{x}/{y}": "is a picture that somebody else has drawn",
}
"""Addresses that are not compared, each with the reason."""


class Hand:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.time_us = BEGIN_US

    def now_us(self) -> int:
        """Microseconds since 1970."""
        return self.time_us


@dataclass(frozen=True)
class Step:
    """Something that a stream says under a label."""

    stream: str
    label: Label
    ship: int
    lon: float | None
    word: str
    wait_s: float


steps = st.lists(
    st.builds(
        Step,
        st.sampled_from(STREAMS),
        st.sampled_from(LABELS),
        st.sampled_from(SHIPS),
        st.none() | st.floats(8, 14),
        st.sampled_from((*WORDS, ALERT)),
        st.sampled_from([0.0, 1.0, 30.0]),
    ),
    min_size=1,
    max_size=10,
    unique_by=lambda step: (step.stream, step.ship, step.word, step.lon is None),
)
readers = st.builds(
    Rights,
    st.sampled_from(["DNK", "FRA"]),
    st.sampled_from([1, 2, 4]),
    st.sampled_from([frozenset[str](), frozenset({"Additional Sensitivity: NORTH"})]),
    st.sampled_from([frozenset({"viewer"}), frozenset({"viewer", "administrator"})]),
)
sources = st.dictionaries(st.sampled_from(["escort", "coast"]), st.sampled_from(LABELS), max_size=2)


@settings(max_examples=4, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(steps, readers, sources)
def test_hidden_entries_change_no_byte_that_is_sent(
    steps_said: list[Step], reader: Rights, from_files: dict[str, Label]
) -> None:
    own_administrator = reader.nation == "DNK" and "administrator" in reader.roles
    person = Person(reader.nation, reader.clearance_rank, own_administrator, reader.communities)
    moments = accumulate((step.wait_s for step in steps_said), initial=0.0)
    said = [
        (BEGIN_US + round(at_s * 1e6), step)
        for at_s, step in zip(moments, steps_said, strict=False)
    ]
    seen = [(at_us, step) for at_us, step in said if permits(person, step.label)]
    seen_sources = {name: label for name, label in from_files.items() if permits(person, label)}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        told = [
            _everything_sent(folder / name, some, reader, some_sources)
            for name, some, some_sources in (
                ("whole", said, from_files),
                ("seen", seen, seen_sources),
            )
        ]
    assert told[0] == told[1]


def test_what_is_compared_does_differ_where_something_visible_does_and_is_all_there_is(
    tmp_path: Path,
) -> None:
    reader = Rights("DNK", CLASSIFICATIONS.index("SECRET"), roles=frozenset({"viewer"}))
    first = Step("denmark", LABELS[0], SHIPS[0], 10.0, "FRIO", 0.0)
    others = [
        Step("denmark", LABELS[1], SHIPS[1], 11.0, "SVEA", 0.0),
        Step("denmark", LABELS[1], SHIPS[0], None, "SVEA", 0.0),
        Step("denmark", LABELS[1], SHIPS[0], None, ALERT, 0.0),
    ]
    said = [(BEGIN_US, step) for step in (first, *others)]
    both = _everything_sent(tmp_path / "both", said, reader, {})
    one = _everything_sent(tmp_path / "one", said[:1], reader, {})
    differing = {path for path, answer in both.items() if answer != one.get(path)}
    for path in ("picture/summary", "claims", "entries", "search?q=svea", "socket", "incidents"):
        assert path in differing
    for start in ("density", "positions", "latest", "cells", "trajectory"):
        assert any(path.startswith(f"history/{start}") for path in differing), start
    asked = {path.partition("?")[0].partition(" ")[0] for path in both}
    assert [address for address in _addresses() if not _is_asked(address, asked)] == []


def _addresses() -> list[str]:
    """Of everything that the API reads out."""
    paths = openapi_document()["paths"]
    reading = [path.removeprefix("/api/v1") for path, of in paths.items() if "get" in of]
    return [path for path in reading if path not in LEFT_OUT]


def _is_asked(address: str, asked: set[str]) -> bool:
    pattern = re.compile(re.sub(r"\{[^}]*\}", "[^/]+", address.removeprefix("/")))
    return any(pattern.fullmatch(path) for path in asked)


def _everything_sent(
    folder: Path, said: list[tuple[int, Step]], reader: Rights, from_files: dict[str, Label]
) -> dict[str, object]:
    """What each address answers to the reader when all was said, by address."""
    folder.mkdir()
    hand = Hand()
    node = SmallNode(folder, clock=hand, keys=KEYS, people={"reader": reader}, sources=from_files)
    try:
        for at_us, step in said:
            hand.time_us = at_us
            _say(node, step)
        hand.time_us = BEGIN_US + 310 * 1_000_000
        with closing(node.client("reader")) as client:
            told: dict[str, object] = dict(_answers(client, node))
            told["socket"] = _first_frames(node, client)
            return told
    finally:
        node.close()


def _say(node: SmallNode, step: Step) -> None:
    if step.lon is not None:
        node.report(step.stream, step.label, [Ship(step.ship, step.lon, 55.0)])
    elif step.word == ALERT:
        _alert(node, step)
    else:
        node.claim(step.stream, step.label, step.ship, name=step.word, destination=step.word)


def _alert(node: SmallNode, step: Step) -> None:
    now_us, ship = node.clock.now_us(), f"mmsi:{step.ship}"
    alert = Alert(
        alert_id=_alert_id(step.stream, step.ship), detector="drifting", version=1,
        identifiers=(ship,), streams=(step.stream,), schema="Vessel", start_us=now_us, end_us=None,
        told_us=now_us, probability=0.8, lat=55.0, lon=10.0, reason_en="It drifts",
        reason_fr="Il dérive", figures={"speed_mps": 1.0},
        evidence=((step.stream, ship, now_us),),
    )  # fmt: skip
    claim = alert_claim(alert, DETECTOR, node.subject_of)
    node.writer.submit([Draft(DETECTOR, frozenset([step.label]), (claim,))]).result()


def _alert_id(stream: str, ship: int) -> str:
    return f"{STREAMS.index(stream):016x}{ship:016x}"


def _answers(client: httpx.Client, node: SmallNode) -> Iterator[tuple[str, object]]:
    span = "from=2026-09-21T00:00:00Z&to=2026-09-23T00:00:00Z"
    then = "valid=2026-09-21T14:14:00Z&known=2026-09-21T14:13:50Z"  # 40 s and 30 s after the begin
    before = "before=2026-09-22T00:00:00Z"
    lists = [
        "tracks?limit=2&state=live&state=fading&state=ended",
        "claims?limit=2",
        "entries?limit=2",
        f"history/positions?{span}&limit=2",
        f"history/latest?{before}&limit=2",
    ]
    for path in lists:
        yield from _pages(client, path)
    for path in (
        "picture/summary", "claims", "entries", "features", "sources", "basemaps",
        "observations", "observations?kind=static", "history/extent",
        f"history/density?{span}&bins=50", f"history/cells?{span}&resolution=3",
        f"history/cells?{span}&format=geojson&bbox=9,54,11,56",
        f"history/positions?{span}&bbox=9,54,11,56", f"history/latest?{before}&bbox=9,54,11,56",
        *(f"history/trajectory?{span}&identifier=mmsi:{ship}&simplify_m=50" for ship in SHIPS),
        "tracks?q=fr", "tracks?bbox=9,54,11,56",
        *(f"search?q={word.lower()}" for word in (*WORDS, "219", "mmsi")),
        *(f"search?q={word.lower()}&{then}" for word in (*WORDS, "fris", "219")),
        f"search/suggestions?q=s&{then}", f"tracks?{then}", f"picture/summary?{then}",
        *(f"claims?identifier=mmsi:{ship}" for ship in SHIPS),
        *(f"entries?stream={stream}" for stream in STREAMS),
        "exports/observations", "exports/claims?format=jsonl", "exports/tracks?format=geojson",
        *(f"sources/{name}{of}" for name in ("escort", "coast") for of in ("", "/quarantine")),
        *(f"incidents/{_alert_id(stream, ship)}" for stream in STREAMS for ship in SHIPS),
        *_OTHERS,
    ):  # fmt: skip
        yield path, _asked(client, path)
    for stream in STREAMS:
        for ship in SHIPS:
            subject = node.subject_of(stream, f"mmsi:{ship}")
            yield from ((path, _asked(client, path)) for path in _about(subject, ship, span))


def _about(subject: str, ship: int, span: str) -> list[str]:
    paths = [f"tracks/{subject}", f"objects/{subject}"]
    if ship == SHIPS[0]:  # one is enough of what is slow
        parts = ("trail", f"movement?{span}", "forecast", "arrival?lat=55&lon=15")
        paths += [f"tracks/{subject}/{part}" for part in parts]
        parts = ("links", "same-as", "correlations", "plans")
        paths += [f"objects/{subject}/{part}" for part in parts]
        paths.append(f"access/explanations/{subject}")
    return paths


def _pages(client: httpx.Client, path: str) -> Iterator[tuple[str, object]]:
    cursor, number = None, 0
    while True:
        word = "after" if path.startswith("entries") else "cursor"
        there = path if cursor is None else f"{path}&{word}={cursor}"
        yield f"{path} page {number}", _asked(client, there)
        cursor = client.get(there).json()["next"]
        number += 1
        if cursor is None:
            return


def _asked(client: httpx.Client, path: str) -> object:
    answer = client.get(path)
    headers = {name: answer.headers.get(name) for name in _HEADERS}
    return answer.status_code, headers, _with_order_for_ids(answer.text)


def _with_order_for_ids(text: str) -> str:
    order: dict[str, str] = {}
    text = re.sub(r'"rates":\{[^}]*\}', "", text)
    return _RANDOM.sub(lambda found: order.setdefault(found[0], f"<{len(order)}>"), text)


def _first_frames(node: SmallNode, client: httpx.Client) -> list[bytes]:
    """What the socket sends until it has shown the whole view."""
    frames: list[bytes] = []
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    with connect(
        f"{node.url.replace('http', 'ws')}/api/v1/picture",
        additional_headers={"Cookie": cookie},
        origin=Origin(node.url),
        compression=None,
    ) as socket:
        view = {"type": "view", "bbox": [5, 50, 20, 60], "zoom": 6, "trails": True}
        socket.send(json.dumps(view))
        while True:
            frame = socket.recv(timeout=60)
            assert isinstance(frame, bytes)
            frames.append(frame)
            if decode_frame(frame)[0]["type"] == "tracks":
                return frames
