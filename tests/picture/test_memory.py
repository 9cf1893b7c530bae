"""What the picture keeps of a track is a few kilobytes, however it came about."""

from __future__ import annotations

import gc
import tracemalloc

from tests.picture.support import World, report

TRACKS = 2_000
AT_MOST_BYTES = 5_000
"""A trail is a kilobyte of it; benchmarks/live_track.py has the figures of a full one."""


def test_a_track_takes_a_few_kilobytes_with_the_words_that_describe_it() -> None:
    world = World()
    rows = [report(f"mmsi:{219_000_000 + n}", lon=8.0 + n / TRACKS) for n in range(TRACKS)]
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        world.hear(*rows)
        view = world.view()
        for row in range(view.objects.count):
            view.words(row)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert view.objects.count == TRACKS
    assert (after - before) / TRACKS < AT_MOST_BYTES
