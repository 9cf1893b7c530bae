"""The picture of a real recording."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from alliage.feeds.bulk import decode_file
from alliage.feeds.registry import load_feeds
from alliage.ontology.times import to_text
from tests.picture.support import NOON_US, OPEN, World, ontology


def test_five_minutes_of_denmark_show_1438_ships_458_of_them_moving(data_dir: Path) -> None:
    feed = load_feeds()["ais"]
    world = World()
    world.picture.start_replay("denmark", 0)
    path = data_dir / "ais" / "denmark-2013-11-12-5min.nmea.gz"
    for decoded in decode_file(path, feed, feed.options_model(), clock=world.hand):
        for batch in decoded.batches:
            entry = world.entry(f"observations:{batch.kind}", batch, "denmark", OPEN)
            world.picture.apply([entry])
    view = world.view()
    ships = [state for state in view.tracks_in(schemata=["Vessel"]) if state.latitude_deg]
    assert len(ships) == 1438
    assert sum(ship.moving for ship in ships) == 458
    assert view.reading.mode == "replay"
    assert to_text(view.reading.now_us).startswith("2013-11-12T12:0")
    assert {ship.known_us for ship in ships} == {NOON_US}
    longest = ontology().schemata["Vessel"].staleness.end_s
    assert all(0 <= ship.age_s <= longest for ship in ships)
    assert np.unique([ship.track_id for ship in ships]).size == 1438
