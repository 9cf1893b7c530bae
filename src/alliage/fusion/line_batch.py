"""Lines of bearing as a batch of observations: what a node's tracker hands on of them."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from alliage.fusion.columns import typed
from alliage.fusion.frame import LocalFrame
from alliage.fusion.line_table import line_table
from alliage.fusion.matrices import Ints
from alliage.fusion.step import Estimates
from alliage.ontology.observation import LINE, Kind, ObservationBatch


def line_batch(
    said: Estimates, rows: Ints, frame: LocalFrame, run: str, schema: str, received_us: int
) -> ObservationBatch:
    """Some of the lines of a look.

    Args:
        said: after the look.
        rows: which of its lines (k,).
        frame: in which they are followed.
        run: what identifiers begin with, before the line's number.
        schema: what the lines are lines of.
        received_us: when the node had the look.
    """
    lines = said.lines
    some = replace(
        lines,
        number=lines.number[rows],
        states=lines.states[rows],
        covariances=lines.covariances[rows],
        existence=lines.existence[rows],
        seen=lines.seen[rows],
    )
    table = line_table([replace(said, lines=some)], frame)
    columns: dict[str, object] = {name: table[name] for name in LINE.names}
    columns["identifier"] = [f"{run}{number}" for number in some.number.tolist()]
    columns["schema"] = [schema] * len(rows)
    columns["valid"] = [round(said.time_s * 1e6)] * len(rows)
    columns["received"] = [received_us] * len(rows)
    columns["receivers"] = [[said.sensor]] * len(rows)
    columns["report"] = ["line"] * len(rows)
    return ObservationBatch(Kind.LINE, pa.RecordBatch.from_pydict(typed(columns)))
