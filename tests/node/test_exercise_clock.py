"""The picture's clock follows an exercise wherever its instructor sends it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from alliage.node import Node
from alliage.ontology.audience import machine_audience
from alliage.picture.view import PictureView
from tests.node.conftest import make_home, opened, source, until, while_serving

MINUTE_US = 60_000_000
HOUR_US = 60 * MINUTE_US
EXERCISE = source('{ kind = "simulation", ships = 120, lead_in_s = 240 }', "exercise")


def view(node: Node) -> PictureView:
    return node.picture.view(machine_audience(node.log.label_sets))


def is_near(time_us: int, there_us: int) -> bool:
    return abs(time_us - there_us) < 10 * MINUTE_US


def test_the_clock_is_where_the_exercise_was_sent_last(tmp_path: Path) -> None:
    with opened(make_home(tmp_path / "node", EXERCISE)) as node:
        control = node.exercises["exercise"]
        begin_us = control.state.now_us

        async def act(_address: str) -> None:
            await until(lambda: node.writer.rows_committed > 0)
            for hour in (3, -1, 1):
                # Most reports of the run before are still on their way when it is sent on.
                there_us = begin_us + hour * HOUR_US
                await asyncio.to_thread(control.seek, there_us)
                await until(lambda there_us=there_us: is_near(view(node).reading.now_us, there_us))  # type: ignore[misc]
            await until(lambda: any((t.valid_us or 0) >= there_us for t in view(node).tracks_in()))
            assert abs(view(node).reading.now_us - control.state.now_us) < MINUTE_US
            ages_s = [track.age_s or 0 for track in view(node).tracks_in() if track.speed_mps]
            assert len(ages_s) > 40
            assert max(ages_s) < 600

        asyncio.run(while_serving(node, act))


def test_an_exercise_that_goes_back_to_the_walls_time_shows_the_walls_clock(tmp_path: Path) -> None:
    with opened(make_home(tmp_path / "node", EXERCISE)) as node:
        control = node.exercises["exercise"]
        there_us = control.state.now_us + 5 * HOUR_US

        async def act(_address: str) -> None:
            await asyncio.to_thread(control.seek, there_us)
            await until(lambda: is_near(view(node).reading.now_us, there_us))
            assert view(node).reading.mode == "replay"
            now_us = node.clock.now_us()
            await asyncio.to_thread(control.join_wall, now_us)
            await until(lambda: view(node).reading.mode == "live")
            heard = lambda: [track.valid_us or 0 for track in view(node).tracks_in()]  # noqa: E731
            await until(lambda: max(heard(), default=0) >= now_us - MINUTE_US)
            assert max(heard()) < now_us + HOUR_US

        asyncio.run(while_serving(node, act))
