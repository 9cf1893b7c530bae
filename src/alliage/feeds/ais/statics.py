"""Static messages to STATIC columns, named as the ontology names the properties."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from alliage.feeds.ais.codes import AID_TYPE, CARGO_HAZARD, POSITION_DEVICE, SHIP_TYPE, words
from alliage.feeds.ais.common import Heard, common_columns
from alliage.feeds.ais.fields import Columns, Layout
from alliage.feeds.ais.messages import LAYOUTS, Form, Messages
from alliage.ontology.observation import Kind, ObservationBatch

STATIC_FORMS: Final = (
    Form.CLASS_A_STATIC,
    Form.CLASS_B_EXTENDED,
    Form.AID_TO_NAVIGATION,
    Form.CLASS_B_NAME,
    Form.CLASS_B_STATIC,
    Form.AUXILIARY_STATIC,
)
_IMO_NUMBERS: Final = (1_000_000, 9_999_999)  # above: official numbers of flag states
_DRAUGHT_M: Final = 0.1

_Properties = dict[str, pa.Array]


def static_batch(some: Heard, rows: NDArray[np.int64], *, urgent: bool) -> ObservationBatch:
    """Rows of static messages of one form as one batch."""
    form = Form(int(some.messages.form[rows[0]]))
    messages = some.messages.take(rows)
    columns = common_columns(some, rows)
    columns["mmsi"] = pa.array(messages.mmsi)
    for group in _GROUPS[form]:
        columns |= group(messages.columns(), LAYOUTS[form], messages)
    return ObservationBatch(Kind.STATIC, pa.RecordBatch.from_pydict(columns), urgent)


def texts(values: NDArray[np.bytes_]) -> pa.Array:
    """Text column; an empty field says nothing."""
    trimmed = np.strings.lstrip(values) if np.strings.startswith(values, b" ").any() else values
    return pa.array(trimmed, pa.binary(), mask=trimmed == b"").cast(pa.utf8())


def _name(columns: Columns, layout: Layout, _messages: Messages) -> _Properties:
    return {"name": texts(columns.text(layout.field("shipname")))}


def _call_sign(columns: Columns, layout: Layout, _messages: Messages) -> _Properties:
    return {"call_sign": texts(columns.text(layout.field("callsign")))}


def _ship_type(columns: Columns, layout: Layout, _messages: Messages) -> _Properties:
    code = columns.number(layout.field("ship_type"))
    return {
        "ship_type": words(code, SHIP_TYPE),
        "cargo_hazard": words(code, CARGO_HAZARD),
    }


def _dimensions(columns: Columns, layout: Layout, _messages: Messages) -> _Properties:
    """Length, beam and where the antenna stands (M.1371-5, figure 41).

    Without a reference point only the sums are given, as the distances to stern and starboard.
    """
    bow, stern, port, starboard = (
        columns.number(layout.field(f"to_{side}")).astype(np.float64)
        for side in ("bow", "stern", "port", "starboard")
    )
    no_point = ((bow == 0) & (port == 0)) | (bow + stern == 0) | (port + starboard == 0)
    found = {"length_m": _positive(bow + stern), "beam_m": _positive(port + starboard)}
    for side, distance in (
        ("bow", bow),
        ("stern", stern),
        ("port", port),
        ("starboard", starboard),
    ):
        found[f"antenna_to_{side}_m"] = pa.array(distance, mask=no_point)
    return found


def _position_device(columns: Columns, layout: Layout, _messages: Messages) -> _Properties:
    code = columns.number(layout.field("epfd"))
    return {"position_device": words(code, POSITION_DEVICE)}


def _voyage(columns: Columns, layout: Layout, messages: Messages) -> _Properties:
    imo = columns.number(layout.field("imo"))
    no_terminal = messages.bits < layout.field("dte").end
    return {
        "imo_number": pa.array(imo, mask=(imo < _IMO_NUMBERS[0]) | (imo > _IMO_NUMBERS[1])),
        "ais_version": pa.array(columns.number(layout.field("ais_version"))),
        "draught_m": _positive(columns.number(layout.field("draught")) * _DRAUGHT_M),
        "destination": texts(columns.text(layout.field("destination"))),
        "eta": _arrival(columns, layout),
        "dte_ready": pa.array(columns.number(layout.field("dte")) == 0, mask=no_terminal),
    }


def _arrival(columns: Columns, layout: Layout) -> pa.Array:
    """Month, day, hour and minute as "MM-DDTHH:MM"; null where any is not available."""
    parts = [columns.number(layout.field(name)) for name in ("month", "day", "hour", "minute")]
    month, day, hour, minute = parts
    codes = (((month * 32 + day) * 32 + hour) * 64 + minute).tolist()
    meaning = {code: _moment(code) for code in set(codes)}
    return pa.array([meaning[code] for code in codes], pa.utf8())


def _moment(code: int) -> str | None:
    minute, hour, day, month = code % 64, code // 64 % 32, code // 2048 % 32, code // 65_536
    if 1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60:
        return f"{month:02d}-{day:02d}T{hour:02d}:{minute:02d}"
    return None


def _vendor(columns: Columns, layout: Layout, _messages: Messages) -> _Properties:
    return {"vendor": texts(columns.text(layout.field("vendorid")))}


def _mothership(columns: Columns, layout: Layout, _messages: Messages) -> _Properties:
    mmsi = columns.number(layout.field("mothership_mmsi"))
    return {"mothership_mmsi": pa.array(mmsi, mask=mmsi == 0)}


def _aid(columns: Columns, layout: Layout, messages: Messages) -> _Properties:
    """Of an aid to navigation; "off position" counts only with a second of UTC up to 59."""
    name = columns.text(layout.field("name"))
    extension = columns.text(layout.field("name_ext"))
    whole = np.strings.add(name, np.where(np.strings.str_len(name) == 20, extension, b""))
    not_judged = columns.number(layout.field("second")) > 59
    return {
        "name": texts(whole),
        "aid_type": words(columns.number(layout.field("aid_type")), AID_TYPE),
        "virtual": pa.array(columns.number(layout.field("virtual_aid")) == 1),
        "off_position": pa.array(
            columns.number(layout.field("off_position")) == 1, mask=not_judged
        ),
    }


def _class_a(_columns: Columns, _layout: Layout, messages: Messages) -> _Properties:
    return {"transponder_class": pa.array(["A"] * len(messages), pa.utf8())}


def _class_b(_columns: Columns, _layout: Layout, messages: Messages) -> _Properties:
    return {"transponder_class": pa.array(["B"] * len(messages), pa.utf8())}


def _positive(values: NDArray[np.floating]) -> pa.Array:
    return pa.array(values, pa.float64(), mask=values == 0)


_GROUPS: Final[
    dict[Form, tuple[Callable[[Columns, Layout, Messages], _Properties], ...]]
] = {
    Form.CLASS_A_STATIC: (
        _name, _call_sign, _ship_type, _dimensions, _position_device, _voyage, _class_a,
    ),
    Form.CLASS_B_EXTENDED: (_name, _ship_type, _dimensions, _position_device, _class_b),
    Form.AID_TO_NAVIGATION: (_aid,),
    Form.CLASS_B_NAME: (_name, _class_b),
    Form.CLASS_B_STATIC: (
        _ship_type, _vendor, _call_sign, _dimensions, _position_device, _class_b,
    ),
    Form.AUXILIARY_STATIC: (_ship_type, _vendor, _call_sign, _mothership, _class_b),
}  # fmt: skip
