"""The original bytes of what stands in entries: found by when they were received."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from alliage.log.bodies import OBSERVATION_KINDS
from alliage.log.entry import Entry
from alliage.log.original import ORIGINAL
from alliage.log.reader import LogReader, pages

APART_US: Final = 30_000_000
"""Parts of one report may have been received so long before it was whole."""


def originals_of(reader: LogReader, entries: Iterable[Entry]) -> list[Entry]:
    """Entries with the bytes of which these were made, as far as they were kept.

    Bytes are found by their stream and time, so those of other reports of that moment are among
    them. Of a claim it is the moment when it became known: what a source repeats later, or had
    said before without a change, is not found.

    Args:
        reader: as the node's machines read the log.
        entries: observations and claims; others have none.
    """
    found: dict[int, Entry] = {}
    for entry in entries:
        times = _received(entry)
        first_us, last_us = int(times.min()), int(times.max())
        read = partial(
            reader.read,
            kinds=[ORIGINAL],
            streams=[entry.stream],
            valid_from_us=first_us - APART_US,
            valid_to_us=last_us + 1,
        )
        found |= {
            one.number: one for page in pages(read) for one in page if _holds_some(one, times)
        }
    return [found[number] for number in sorted(found)]


def received_us(entry: Entry) -> tuple[int, int]:
    """When the first and the last row of an entry were received, as far as it says."""
    times = _received(entry)
    return int(times.min()), int(times.max())


def _received(entry: Entry) -> NDArray[np.int64]:
    """When the rows of an entry were received, in order."""
    if entry.kind not in OBSERVATION_KINDS or entry.gone is not None:
        return np.array([entry.known_us], np.int64)
    times = entry.observations().rows.column("received").cast(pa.int64()).to_numpy()
    return np.asarray(np.sort(times))


def _holds_some(original: Entry, times_us: NDArray[np.int64]) -> bool:
    """Whether some of what was received at these times may have been made of these bytes."""
    first_us, last_us = original.valid_min_us, original.valid_max_us
    if first_us is None or last_us is None:
        return True
    after = int(np.searchsorted(times_us, first_us))
    return after < len(times_us) and int(times_us[after]) - APART_US <= last_us
