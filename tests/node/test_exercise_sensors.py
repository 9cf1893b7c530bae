"""Sensors of an exercise in a node: followed like real ones, each for its own readers."""

from __future__ import annotations

import asyncio
from pathlib import Path

from alliage.node import Node
from alliage.ontology.audience import Audience, machine_audience
from alliage.ontology.label import Label
from alliage.picture.view import PictureView
from tests.node.conftest import make_home, opened, source, until, while_serving

HOUR_US = 3_600_000_000
EXERCISE = source('{ kind = "simulation", ships = 400, lead_in_s = 60 }', "exercise")
RADAR = """
[[sources]]
name = "radar-{name}"
format = "asterix"
transport = {{ kind = "exercise", sensor = "EX RADAR {place}" }}
options = {{ range_std_m = 30.0, bearing_std_deg = 0.15 }}
tracker = {{ clutter_per_km2 = 0.002, max_range_m = 50000.0 }}
label = {{ policy = "ALLIAGE", classification = "UNCLASSIFIED", releasable_to = ["{nation}"] }}
"""
TWO_RADARS = RADAR.format(name="one", place="GEDSER", nation="DNK") + RADAR.format(
    name="two", place="ARKONA", nation="DEU"
)


BOTH = {"tracker:radar-one@1", "tracker:radar-two@1"}


def audience(node: Node, nation: str) -> Audience:
    mine = Label.make("ALLIAGE", "UNCLASSIFIED", releasable_to=[nation])
    return Audience(nation, lambda label: label == mine, node.log.label_sets)


def view(node: Node, reader: Audience | None = None) -> PictureView:
    return node.picture.view(reader or machine_audience(node.log.label_sets))


def followed(node: Node, since_us: int = 0, reader: Audience | None = None) -> set[str]:
    """Streams of trackers whose tracks were seen since then."""
    recent = [one for one in view(node, reader).tracks_in() if (one.valid_us or 0) >= since_us]
    return {stream for one in recent for stream in one.sources if stream.startswith("tracker:")}


def test_what_sensors_see_is_followed_wherever_the_exercise_is_sent(tmp_path: Path) -> None:
    with opened(make_home(tmp_path / "node", EXERCISE + TWO_RADARS)) as node:
        control = node.exercises["exercise"]
        begin_us = control.state.now_us

        async def act(_address: str) -> None:
            await until(lambda: followed(node) == BOTH)
            named = {track.name for track in view(node).tracks_in()}
            assert {"EX RADAR GEDSER", "EX RADAR ARKONA"} <= named
            assert followed(node, reader=audience(node, "DNK")) == {"tracker:radar-one@1"}
            assert followed(node, reader=audience(node, "DEU")) == {"tracker:radar-two@1"}
            for hours in (3, -2):
                there_us = begin_us + hours * HOUR_US
                await asyncio.to_thread(control.seek, there_us)
                await until(
                    lambda there_us=there_us: (  # type: ignore[misc]
                        followed(node, there_us) == BOTH
                        and abs(view(node).reading.now_us - there_us) < HOUR_US / 30
                    )
                )
            quarantined = [sum(runner.health.quarantined.values()) for runner in node.runners]
            assert quarantined == [0, 0, 0]
            assert not node.picture.rows_from_future

        asyncio.run(while_serving(node, act))
