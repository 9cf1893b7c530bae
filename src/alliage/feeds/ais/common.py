"""The columns that every observation has: who, what, when, and who heard it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from alliage.feeds.ais.codes import word_column
from alliage.feeds.ais.duplicates import Released
from alliage.feeds.ais.messages import Form, Messages
from alliage.feeds.ais.timemarks import NO_TIME
from alliage.ontology.observation import COMMON, TIME, WORD

SCHEMATA: Final = ("Vessel", "CoastStation", "AidToNavigation", "Aircraft", "Sensor", "Area")
_VESSEL, _STATION, _AID, _AIRCRAFT, _SENSOR, _AREA = range(len(SCHEMATA))
_REPORTS: Final = tuple(f"AIS {msg_type}" for msg_type in range(64))


@dataclass(slots=True)
class Heard:
    """Released messages with what all their rows share.

    ``receiver_offsets`` and ``receivers`` list the station numbers of each message, in the order
    in which they heard it, each once.
    """

    messages: Messages
    valid_us: NDArray[np.int64]
    receiver_offsets: NDArray[np.int64]
    receivers: NDArray[np.int32]
    station_names: list[str]


def heard(released: Released, valid_us: NDArray[np.int64], station_names: list[str]) -> Heard:
    """Bring the receivers of each message together."""
    count = len(released.messages)
    order = np.argsort(released.owner, kind="stable")
    owner, station = released.owner[order], released.station[order]
    again = (np.diff(owner) == 0).any()
    if again:  # most messages have one receiver; only lists of several can repeat one
        pair = owner * (len(station_names) + 1) + station
        _, first = np.unique(pair, return_index=True)
        first.sort()
        owner, station = owner[first], station[first]
    offsets = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(owner, minlength=count), out=offsets[1:])
    return Heard(released.messages, valid_us, offsets, station, station_names)


def common_columns(
    some: Heard,
    rows: NDArray[np.int64],
    schema_codes: NDArray[np.int8] | None = None,
    identifiers: pa.DictionaryArray | None = None,
) -> dict[str, pa.Array]:
    """COMMON columns of these messages; schemata and identifiers from the messages by default."""
    messages = some.messages
    codes = default_schemata(messages, rows) if schema_codes is None else schema_codes
    recorded = messages.recorded_us[rows]
    columns = (
        identify(messages.mmsi[rows]) if identifiers is None else identifiers,
        word_column(codes, SCHEMATA),
        times(some.valid_us[rows]),
        times(recorded, recorded == NO_TIME),
        times(messages.received_us[rows]),
        _receiver_lists(some, rows),
        word_column(messages.msg_type[rows], _REPORTS),
    )
    return dict(zip(COMMON.names, columns, strict=True))


def default_schemata(messages: Messages, rows: NDArray[np.int64]) -> NDArray[np.int8]:
    """What speaks, by the kind of message; of application messages and texts by the MMSI.

    MMSIs of coast stations begin with 00, of aids to navigation with 99, of search and rescue
    aircraft with 111 (ITU-R M.585-9, annex 1).
    """
    form, mmsi = messages.form[rows], messages.mmsi[rows]
    codes = _SCHEMA_OF_FORM[form]
    codes[(form == Form.BASE_STATION) & (messages.msg_type[rows] == 11)] = _VESSEL
    spoken = _BY_MMSI[form]
    if not spoken.any():
        return codes
    codes[spoken & (mmsi < 10_000_000)] = _STATION
    codes[spoken & (mmsi // 10_000_000 == 99)] = _AID
    codes[spoken & (mmsi // 1_000_000 == 111)] = _AIRCRAFT
    return codes


_BY_MMSI: Final = np.zeros(len(Form), np.bool_)
_BY_MMSI[[Form.SAFETY_TEXT, Form.WEATHER_236, Form.WEATHER_289]] = True
_SCHEMA_OF_FORM: Final = np.full(len(Form), _VESSEL, np.int8)
_SCHEMA_OF_FORM[Form.BASE_STATION] = _STATION
_SCHEMA_OF_FORM[Form.SAR_AIRCRAFT] = _AIRCRAFT
_SCHEMA_OF_FORM[Form.AID_TO_NAVIGATION] = _AID
_SCHEMA_OF_FORM[[Form.WEATHER_236, Form.WEATHER_289]] = _SENSOR
_SCHEMA_OF_FORM[Form.AREA_NOTICE] = _AREA


def identify(mmsi: NDArray[np.int64]) -> pa.DictionaryArray:
    """Identifiers "mmsi:002190067" of MMSIs."""
    encoded = pa.array(mmsi).dictionary_encode()
    names = [f"mmsi:{number:09d}" for number in encoded.dictionary.to_numpy().tolist()]
    return pa.DictionaryArray.from_arrays(encoded.indices, pa.array(names, pa.utf8()))


def times(time_us: NDArray[np.int64], absent: NDArray[np.bool_] | None = None) -> pa.Array:
    """Column of times."""
    return pa.array(time_us, pa.int64(), mask=absent).view(TIME)


def _receiver_lists(some: Heard, rows: NDArray[np.int64]) -> pa.ListArray:
    begin, end = some.receiver_offsets[rows], some.receiver_offsets[rows + 1]
    size = end - begin
    offsets = np.zeros(len(rows) + 1, np.int32)
    np.cumsum(size, out=offsets[1:])
    if len(rows) == len(some.messages):
        chosen = some.receivers
    else:
        chosen = some.receivers[np.arange(offsets[-1]) + np.repeat(begin - offsets[:-1], size)]
    encoded = pa.array(chosen).dictionary_encode()
    numbers = encoded.dictionary.to_numpy().tolist()
    names = pa.array([some.station_names[number] for number in numbers], pa.utf8())
    stations = pa.DictionaryArray.from_arrays(encoded.indices, names)
    return pa.ListArray.from_arrays(pa.array(offsets), stations, type=pa.list_(WORD))
