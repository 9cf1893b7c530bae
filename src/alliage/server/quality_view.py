"""How good a reader's picture is, as the API says it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np

from alliage.fusion.correlation import Systematic
from alliage.fusion.correlation.telling import NO_SENSOR_DEG, PAIRS_AT_LEAST
from alliage.fusion.matrices import Floats
from alliage.ontology.audience import Audience
from alliage.ontology.derived import plots_of
from alliage.ontology.label import LabelSet
from alliage.ontology.times import to_text
from alliage.picture.quality import Spread, StreamQuality
from alliage.server.models.common import Marking
from alliage.server.models.quality import (
    OffReason,
    OffsetInfo,
    QualityInfo,
    RangeInfo,
    SpreadInfo,
    StreamQualityInfo,
    SuspectedDuplicate,
    TurnInfo,
)
from alliage.server.object_links import linked_object
from alliage.server.services import Services

CHANCE_OF_ONE: Final = 12.12
CHANCE_OF_PLACE: Final = 15.20
"""What 99.95 % of squared Mahalanobis distances lie below, in one dimension and in two
(chi-square): place and clock are together wrong once in a thousand. A clock, a turn and ranges are
asked by themselves, or they hide behind a place that is right."""
OF_NO_CONSEQUENCE_M: Final = 50.0
OF_NO_CONSEQUENCE_S: Final = 0.5
OF_NO_CONSEQUENCE_DEG: Final = 0.1
OF_NO_CONSEQUENCE_PART: Final = 0.001
CELL_KM2: Final = 252.9039
"""Mean area of an H3 cell of resolution 5 (https://h3geo.org/docs/core-library/restable)."""
DUPLICATES_AT_MOST: Final = 100


def quality_info(services: Services, audience: Audience) -> QualityInfo:
    """Return the figures of everything that these readers may see."""
    view = services.picture.view(audience)
    streams = view.stream_qualities()
    found, complete = view.suspected_duplicates(DUPLICATES_AT_MOST)
    offsets, sets = _offsets(services, audience)
    suspects = _suspects(offsets)
    duplicates = [
        SuspectedDuplicate(one=linked_object(one), other=linked_object(two), distance_m=distance_m)
        for one, two, distance_m in found
    ]
    sets |= {number for stream in streams for number in stream.label_sets}
    sets |= {
        source.label_set for a, b, _ in found for source in (*a.source_tracks, *b.source_tracks)
    }
    return QualityInfo(
        now=to_text(view.reading.now_us),
        sources=[_stream(services, one, one.stream in suspects) for one in streams],
        offsets=offsets,
        duplicates=duplicates,
        complete=complete,
        marking=Marking.of(_labels(services, sets)) if sets else None,
    )


def _labels(services: Services, sets: set[int] | Sequence[int]) -> LabelSet:
    labels_of = services.log.label_sets.labels_of
    return frozenset().union(*(labels_of(number) for number in sets))


def live_latency(services: Services, one: StreamQuality) -> Spread | None:
    """Known minus valid; None of a recording, where it would be the time since it was made."""
    is_replay = services.sources.plays_recording(plots_of(one.stream) or one.stream)
    return None if is_replay else one.latency_s


def _stream(services: Services, one: StreamQuality, suspect: bool) -> StreamQualityInfo:
    latency = live_latency(services, one)
    return StreamQualityInfo(
        source=one.stream,
        tracks=one.tracks,
        age_s=_spread(one.age_s),
        latency_s=None if latency is None else _spread(latency),
        nis_mean=one.nis_mean,
        nis_outside=one.nis_outside,
        jumps=one.jumps,
        compared=one.compared,
        left_out=one.left_out,
        coverage_km2=round(one.cells * CELL_KM2),
        suspect=suspect,
        marking=Marking.of(_labels(services, one.label_sets)),
    )


def _spread(spread: Spread) -> SpreadInfo:
    return SpreadInfo(median=spread.median, p95=spread.p95)


def _offsets(services: Services, audience: Audience) -> tuple[list[OffsetInfo], set[int]]:
    """What is known of pairs of streams both of which these readers may see."""
    told, sets = [], set()
    for one, other, systematic in services.offsets():
        seen = audience.sees(one.label_set) and audience.sees(other.label_set)
        if seen and systematic.pairs >= PAIRS_AT_LEAST:
            both = {one.label_set, other.label_set}
            sets |= both
            told.append(_offset(services, one.stream, other.stream, systematic, both))
    return sorted(told, key=lambda item: (item.source, item.other)), sets


def _offset(
    services: Services, one: str, other: str, systematic: Systematic, sets: set[int]
) -> OffsetInfo:
    east_std_m, north_std_m, time_std_s = systematic.std[:3].tolist()
    turn, other_turn = (_turn(systematic, nth) for nth in (0, 1))
    ranges, other_ranges = (_range(systematic, nth) for nth in (0, 1))
    middle, reasons = systematic.in_the_middle(), _reasons(systematic)
    return OffsetInfo(
        source=one,
        other=other,
        east_m=systematic.east_m,
        north_m=systematic.north_m,
        time_s=systematic.time_offset_s,
        east_std_m=east_std_m,
        north_std_m=north_std_m,
        time_std_s=time_std_s,
        turn=turn,
        other_turn=other_turn,
        range=ranges,
        other_range=other_ranges,
        pairs=systematic.pairs,
        noticed=bool(reasons),
        because=reasons,
        together_m=None if middle is None else float(np.hypot(*middle[0])),
        marking=Marking.of(_labels(services, sets)),
    )


def _reasons(systematic: Systematic) -> list[OffReason]:
    """What is off by itself, and whether all of it together is where both see the most."""
    time_s, time_std_s = systematic.time_offset_s, float(systematic.std[2])
    singles: list[tuple[OffReason, float, float, float]] = [
        ("clock", time_s, time_std_s, OF_NO_CONSEQUENCE_S)
    ]
    for nth in (0, 1):
        if (turn := _turn(systematic, nth)) is not None:
            singles.append(("turn", turn.deg, turn.std_deg, OF_NO_CONSEQUENCE_DEG))
        if (ranges := _range(systematic, nth)) is not None:
            stretch = ranges.stretch, ranges.stretch_std, OF_NO_CONSEQUENCE_PART
            singles.append(("range", ranges.m, ranges.std_m, OF_NO_CONSEQUENCE_M))
            singles.append(("range", *stretch))
    found: list[OffReason] = [
        reason
        for reason, value, std, bound in singles
        if abs(value) > bound and (value / std) ** 2 > CHANCE_OF_ONE
    ]
    if _is_off(systematic.offset[:2], systematic.covariance[:2, :2]):
        found.insert(0, "place")
    middle = systematic.in_the_middle()
    if middle is not None and _is_off(*middle):
        found.append("together")
    return list(dict.fromkeys(found))


def _is_off(place: Floats, covariance: Floats) -> bool:
    weight = np.linalg.solve(covariance, place)
    return bool(np.hypot(*place) > OF_NO_CONSEQUENCE_M and float(place @ weight) > CHANCE_OF_PLACE)


def _turn(systematic: Systematic, nth: int) -> TurnInfo | None:
    """By how much the sensor of the first or the second is turned; None if it has none."""
    deg, std_deg = systematic.turns_deg[nth], float(np.degrees(systematic.std[3 + nth]))
    return TurnInfo(deg=deg, std_deg=std_deg) if std_deg > NO_SENSOR_DEG else None


def _range(systematic: Systematic, nth: int) -> RangeInfo | None:
    """By how much its ranges are too long, likewise."""
    return None if _turn(systematic, nth) is None else RangeInfo(**systematic.ranges[nth]._asdict())


def _suspects(offsets: Sequence[OffsetInfo]) -> set[str]:
    """Streams that lie off all that they were compared with, where some of these agree with others.

    Not all need to: of two sensors that are wrong neither hides the other.
    """
    beside: dict[str, dict[str, bool]] = defaultdict(dict)
    for item in offsets:
        beside[item.source][item.other] = item.noticed
        beside[item.other][item.source] = item.noticed
    return {
        name
        for name, others in beside.items()
        if all(others.values()) and not all(all(beside[other].values()) for other in others)
    }
