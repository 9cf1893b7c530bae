"""Small things to put into a log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow as pa

from alliage.log import Draft
from alliage.ontology.audience import Audience, LabelSets
from alliage.ontology.claim import Claim, Value
from alliage.ontology.label import Label, LabelSet
from alliage.ontology.observation import TIME, WORD, Kind, ObservationBatch

DANES = frozenset([Label.make("ALLIAGE", "UNCLASSIFIED", ["DNK"])])
FRENCH = frozenset([Label.make("ALLIAGE", "SECRET", ["FRA"])])
BOTH = DANES | FRENCH


class TickingClock:
    """A second later each time it is asked."""

    def __init__(self, start_us: int = 1_700_000_000_000_000) -> None:
        self.moment_us = start_us

    def now_us(self) -> int:
        self.moment_us += 1_000_000
        return self.moment_us


def positions(
    identifiers: Sequence[str], start_us: int = 0, *, urgent: bool = False
) -> ObservationBatch:
    """One position a second, in the order of the identifiers."""
    count = len(identifiers)
    times = pa.array([start_us + 1_000_000 * i for i in range(count)], TIME)
    columns = {
        "identifier": pa.array(identifiers, pa.utf8()).dictionary_encode(),
        "schema": pa.array(["Vessel"] * count).dictionary_encode(),
        "valid": times,
        "received": times,
        "receivers": pa.array([["a", "b"], None, []] * count, pa.list_(pa.utf8()))
        .slice(0, count)
        .cast(pa.list_(WORD)),
        "latitude_deg": pa.array([55.0 + i / 100 for i in range(count)]),
        "longitude_deg": pa.array([12.0] * count),
    }
    rows = pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))
    return ObservationBatch(Kind.POSITION, rows, urgent)


def static(
    rows: Iterable[dict[str, Value]],
    schema: str = "Vessel",
    types: dict[str, pa.DataType] | None = None,
) -> ObservationBatch:
    """Static reports; each row has ``identifier``, ``valid`` (us) and properties."""
    table = list(rows)
    names = dict.fromkeys(key for row in table for key in row if key not in ("identifier", "valid"))
    times = pa.array([row["valid"] for row in table], TIME)
    columns = {
        "identifier": pa.array([row["identifier"] for row in table], pa.utf8()).dictionary_encode(),
        "schema": pa.array([schema] * len(table)).dictionary_encode(),
        "valid": times,
        "received": times,
    }
    for name in names:
        kind = (types or {}).get(name)
        columns[name] = pa.array([row.get(name) for row in table], kind)
    batch = pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))
    return ObservationBatch(Kind.STATIC, batch)


def claim(number: int, subject: str = "s1", prop: str = "name", value: Value = "FRIO") -> Claim:
    """A claim with an id made from its number."""
    return Claim(
        claim_id=f"{number:032x}",
        subject=subject,
        identifier="mmsi:219012345",
        schema="Vessel",
        property=prop,
        value=value,
        valid_from_us=number,
    )


def draft(labels: LabelSet, *identifiers: str, stream: str = "denmark") -> Draft:
    """Positions of these things as a draft."""
    return Draft(stream, labels, positions(identifiers or ("mmsi:219012345",)))


def audience_of(label_sets: LabelSets, *visible: Label) -> Audience:
    """An audience that sees exactly these labels."""
    return Audience("test:" + repr(sorted(visible)), lambda label: label in visible, label_sets)
