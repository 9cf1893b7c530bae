"""Source bias: a sensor is turned, measures ranges too long, or its clock or place is off.

Correlators estimate from what two streams both follow by how much one lies off the other. A turn
and an error of range are a sensor's own. Of a clock and a shift two streams cannot say whose they
are: a stream has them if it is off from every other of which that is known, and one of these agrees
with somebody else.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Final, NamedTuple

import numpy as np
from pydantic import Field

from alliage.detection.contract import Finding, Reason
from alliage.detection.offsets import Said
from alliage.detection.scene import Reports, Scene
from alliage.detection.settings import DetectorSettings
from alliage.detection.wording import Words, number, some
from alliage.ontology.derived import plots_of
from alliage.ontology.offset import CLOCK, OTHER, OWN, PLACES, RANGE, TURN, Measured

HEARD_US: Final = 600_000_000
"""Of a stream that gave nothing for so long nothing is said."""

PLACE: Final = "place_m"
KINDS: Final = (CLOCK, PLACE, TURN, RANGE)
OF_A_SENSOR: Final = (TURN, RANGE)


class SourceBiasSettings(DetectorSettings):
    """How far off a source may be."""

    clock_s: float = Field(default=1.0, gt=0, description="A clock is off by more than this.")
    place_m: float = Field(default=100.0, gt=0, description="A shift of places is more than this.")
    turn_deg: float = Field(default=0.15, gt=0, description="A turned sensor is so by more.")
    range_m: float = Field(default=100.0, gt=0, description="Ranges are too long by more.")
    sureness: float = Field(
        default=3.0, ge=1, description="By so many standard deviations beyond the bound."
    )
    pairs: int = Field(default=5, ge=3, description="So many things two sources both follow.")
    lasts_s: float = Field(default=300.0, ge=20, description="For how long it is so.")


class _Beside(NamedTuple):
    """What is measured of a stream beside another one."""

    other: str
    said: Said
    measured: Measured


@dataclass(frozen=True, slots=True)
class _Off:
    """In what way a stream is off, by how much, and from which others."""

    kind: str
    by: Measured
    beside: tuple[_Beside, ...]
    since_us: int


class SourceBias:
    """Streams that surely lie off the others."""

    name: ClassVar[str] = "source_bias"
    version: ClassVar[int] = 1
    title: ClassVar[Reason] = Reason("A source is off from the others", "Source décalée des autres")
    linger_s: ClassVar[float] = 600.0
    settings_type: ClassVar[type[DetectorSettings]] = SourceBiasSettings

    def __init__(self, settings: SourceBiasSettings) -> None:
        self.settings = settings
        self._since_us: dict[tuple[str, str], int] = {}

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Streams that have surely been off for long enough."""
        said = list(self._of_the_present(scene))
        before, self._since_us = self._since_us, {}
        streams = {name for one in said for name in (one.offset.one, one.offset.other)}
        for stream in sorted(streams):
            found = []
            for kind in KINDS:
                if beside := self._off(said, stream, kind):
                    since_us = before.get((stream, kind), scene.now_us)
                    self._since_us[stream, kind] = since_us
                    if scene.now_us - since_us >= self.settings.lasts_s * 1e6:
                        surest = min(beside, key=lambda one: one.measured.std)
                        found.append(_Off(kind, surest.measured, tuple(beside), since_us))
            if found:
                yield _finding(scene, stream, found)

    def _of_the_present(self, scene: Scene) -> Iterator[Said]:
        codes, since_us = scene.heard_us.items(), scene.now_us - HEARD_US
        heard = {scene.things.streams[code] for code, at_us in codes if at_us >= since_us}
        for said in scene.offsets:
            is_known = said.offset.pairs >= self.settings.pairs
            if is_known and {said.offset.one, said.offset.other} <= heard:
                yield said

    # --- who is off

    def _off(self, said: list[Said], stream: str, kind: str) -> list[_Beside]:
        """Beside which others a stream is off; nothing where it may be these that are."""
        beside = list(_beside(said, stream, kind))
        off = [one for one in beside if self._is_off(kind, one.measured)]
        if any(self._is_right(kind, one.measured) for one in beside):
            return []
        if kind in OF_A_SENSOR or any(self._agrees(said, one.other, kind) for one in off):
            return off
        return []

    def _agrees(self, said: list[Said], stream: str, kind: str) -> bool:
        """Whether a stream is right beside some other one."""
        return any(self._is_right(kind, one.measured) for one in _beside(said, stream, kind))

    def _is_off(self, kind: str, measured: Measured) -> bool:
        surely = abs(measured.value) - self.settings.sureness * measured.std
        return surely > float(getattr(self.settings, kind))

    def _is_right(self, kind: str, measured: Measured) -> bool:
        """Whether it is within the bound, and known well enough to say so."""
        bound = float(getattr(self.settings, kind))
        return abs(measured.value) <= bound and 2.0 * measured.std <= bound


def _beside(said: list[Said], stream: str, kind: str) -> Iterator[_Beside]:
    for one in said:
        ends = one.offset.one, one.offset.other
        if stream in ends:
            is_first = stream == ends[0]
            measured = _measured(one, kind, is_first=is_first)
            if measured is not None:
                yield _Beside(ends[1] if is_first else ends[0], one, measured)


def _measured(said: Said, kind: str, *, is_first: bool) -> Measured | None:
    """One figure as it is of the first stream, or of the other; None where there is none."""
    figures = said.offset.figures
    if kind in OF_A_SENSOR:
        return figures.get(f"{OWN if is_first else OTHER}{kind}")
    if kind == CLOCK:
        clock = figures.get(CLOCK)
        return clock if clock is None or not is_first else Measured(-clock.value, clock.std)
    places = [figures[name] for name in PLACES if name in figures]
    if not places:
        return None
    return Measured(math.hypot(*(one.value for one in places)), max(one.std for one in places))


# --- words


def _finding(scene: Scene, stream: str, found: list[_Off]) -> Finding:
    others = sorted({one.other for off in found for one in off.beside})
    tracks = max(one.said.offset.pairs for off in found for one in off.beside)
    named = _named(scene, stream)
    beside = some([_named(scene, other) for other in others])
    many = ("source", "à la source") if len(others) == 1 else ("sources", "aux sources")
    parts = [_said(off.kind, off.by) for off in found]
    why = _why(off.kind for off in found)
    return Finding(
        things=(),
        stream=stream,
        since_us=min(off.since_us for off in found),
        probability=0.9,
        reason=Reason(
            f"Source {named} is off from {many[0]} {beside[0]}, as {tracks} common tracks show: "
            f"{', '.join(en for en, _ in parts)}; {'; '.join(en for en, _ in why)}",
            f"La source {named} est décalée par rapport {many[1]} {beside[1]}, d'après {tracks} "
            "pistes communes : "
            f"{', '.join(fr for _, fr in parts)} ; {' ; '.join(fr for _, fr in why)}",
        ),
        figures=_figures(found, tracks, len(others)),
        claims=tuple(dict.fromkeys(one.said.claim for off in found for one in off.beside)),
    )


def _figures(found: list[_Off], tracks: int, others: int) -> dict[str, float]:
    figures = {"common_tracks": float(tracks), "compared_with": float(others)}
    for off in found:
        by = round(off.by.value, 2), round(off.by.std, 2)
        if off.kind == CLOCK:
            figures["clock_off_s"], figures["clock_off_std_s"] = by
        elif off.kind == PLACE:
            figures["place_off_m"], figures["place_off_std_m"] = by
        elif off.kind == TURN:
            figures["turn_off_deg"], figures["turn_off_std_deg"] = by
        else:
            figures["range_off_m"], figures["range_off_std_m"] = by
    return figures


def _named(scene: Scene, stream: str) -> str:
    """As the page of the sources names it, after the name of the sensor that it is of, if any."""
    table, plots = scene.things, plots_of(stream)
    if plots is None:
        return stream
    rows = np.flatnonzero(table.stream[: table.count] == table.stream_code(plots)).astype(np.int32)
    sensors = rows[table.is_a("Sensor", rows)].tolist()
    names = {str(name) for row in sensors if (name := table.words[row].get("name"))}
    return f"{names.pop()} ({plots})" if len(names) == 1 else plots


def _why(kinds: Iterable[str]) -> list[Words]:
    """Why it is this source, and none that it was compared with."""
    of_sensor = {kind in OF_A_SENSOR for kind in kinds}
    why = []
    if True in of_sensor:
        why.append(
            (
                "the errors follow bearing and range from this sensor, so the fault is its own",
                "les écarts suivent l'azimut et la distance vus de ce capteur, le défaut est donc "
                "le sien",
            )
        )
    if False in of_sensor:
        why.append(
            (
                "what it was compared with agrees with another source",
                "ce à quoi elle est comparée s'accorde avec une autre source",
            )
        )
    return why


def _said(kind: str, by: Measured) -> Words:
    digits = {CLOCK: 1, TURN: 2}.get(kind, 0)
    value, std = number(abs(by.value), digits), number(max(by.std, 10.0**-digits), digits)
    if kind == CLOCK:
        way = ("ahead", "avance") if by.value > 0 else ("behind", "retarde")
        return (
            f"its clock is {value[0]} s {way[0]} (± {std[0]} s)",
            f"son horloge {way[1]} de {value[1]} s (± {std[1]} s)",
        )
    if kind == TURN:
        way = ("clockwise", "horaire") if by.value > 0 else ("anticlockwise", "antihoraire")
        return (
            f"it is turned {value[0]}° {way[0]} (± {std[0]}°)",
            f"elle est tournée de {value[1]}° dans le sens {way[1]} (± {std[1]}°)",
        )
    if kind == RANGE:
        way = ("long", "longues") if by.value > 0 else ("short", "courtes")
        return (
            f"its ranges are {value[0]} m too {way[0]} (± {std[0]} m)",
            f"ses distances sont trop {way[1]} de {value[1]} m (± {std[1]} m)",
        )
    return (
        f"its places lie {value[0]} m off (± {std[0]} m)",
        f"ses positions sont décalées de {value[1]} m (± {std[1]} m)",
    )
