"""What is said of a planned route, held against the route: times are of corners that it has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson

from alliage.actions.kinds import ActionError
from alliage.actions.links import SeenObject, field_of
from alliage.history.claims import ClaimReader
from alliage.ontology.claim import GEOMETRY, Value
from alliage.ontology.corner_times import PASSES_AT, read_corner_times

_LINE: Final = "LineString"


def check_corners(
    said: Iterable[tuple[str, Value]],
    of: SeenObject | None,
    reader: ClaimReader,
    field: str | None = None,
) -> None:
    """Refuse times at corners that a line does not have, whichever of both is said now.

    Args:
        said: properties with checked values.
        of: the route, where it is there already: what it has otherwise is read from its claims.
        reader: the writer's.
        field: in which the one value was sent; None where each stands under its property's name.

    Raises:
        ActionError: says which corner there is not.
    """
    now = {name: value for name, value in said if name in (GEOMETRY, PASSES_AT)}
    if not now:
        return
    before = {} if of is None else _stands(reader, of)
    line, times = ({**before, **now}.get(name) for name in (GEOMETRY, PASSES_AT))
    if not line or not times:
        return
    geometry = orjson.loads(str(line))
    if geometry["type"] != _LINE:
        raise ActionError(
            field_of(PASSES_AT, field), f"{PASSES_AT}: only one line has corners in order"
        )
    there_are, last = len(geometry["coordinates"]), _last_corner(str(times))
    if last <= there_are:
        return
    if PASSES_AT in now:
        why = f"there is no corner {last}: this route has {there_are}, the first is 1"
        raise ActionError(field_of(PASSES_AT, field), f"{PASSES_AT}: {why}", "corner_missing")
    why = f"this line has {there_are} corners, and corner {last} has a time"
    why += f": say {PASSES_AT} anew first"
    raise ActionError(field_of(GEOMETRY, field), f"{GEOMETRY}: {why}", "corner_timed")


def _last_corner(times: str) -> int:
    try:
        return read_corner_times(times)[-1].corner
    except ValueError:  # of a source that nobody checks
        return 0


def _stands(reader: ClaimReader, of: SeenObject) -> Mapping[str, Any]:
    """What the route's line and times are now, to this reader."""
    names = of.identifiers or (of.identifier,)
    found = [
        item
        for name in names
        for said in (GEOMETRY, PASSES_AT)
        for item in reader.standing(reader.page(identifier=name, property=said).claims)
    ]
    ordered = sorted(found, key=lambda item: (item.claim.valid_from_us, item.number))
    return {item.claim.property: item.claim.value for item in ordered}
