"""Released messages to observation batches, one or more of each kind."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from alliage.feeds.ais import layouts
from alliage.feeds.ais.codes import AIS_SART
from alliage.feeds.ais.common import Heard, heard
from alliage.feeds.ais.duplicates import Released
from alliage.feeds.ais.messages import Form, Messages
from alliage.feeds.ais.notices import area_batch, text_batch
from alliage.feeds.ais.options import Options
from alliage.feeds.ais.positions import POSITION_FORMS, position_batch
from alliage.feeds.ais.statics import STATIC_FORMS, static_batch
from alliage.feeds.ais.validity import valid_times
from alliage.feeds.ais.weather import WEATHER_FORMS, weather_batch
from alliage.ontology.observation import ObservationBatch

DISTRESS_PREFIXES: Final = (970, 972, 974)
"""First digits of MMSIs of AIS-SART, man overboard and EPIRB devices (ITU-R M.585-9, annex 2)."""
_IS_DISTRESS: Final = np.isin(np.arange((1 << 30) // 1_000_000 + 1), DISTRESS_PREFIXES)
_STATUS: Final = layouts.CLASS_A_POSITION.field("status")
_IS_POSITION: Final = np.isin(np.arange(len(Form)), POSITION_FORMS)


def urgent_messages(messages: Messages) -> NDArray[np.bool_]:
    """Which messages are distress: safety texts, distress devices, status "AIS-SART active"."""
    urgent = _IS_DISTRESS[messages.mmsi // 1_000_000]
    urgent |= messages.form == Form.SAFETY_TEXT
    reports = np.flatnonzero(messages.form == Form.CLASS_A_POSITION)
    status = messages.take(reports).columns().number(_STATUS)
    urgent[reports[status == AIS_SART]] = True
    return urgent


def observe(
    released: Released, station_names: list[str], options: Options
) -> list[ObservationBatch]:
    """Return observations of released messages; urgent ones first, in batches of their own."""
    messages = released.messages
    if not len(messages):
        return []
    some = heard(released, valid_times(messages), station_names)
    urgent = urgent_messages(messages)
    if not urgent.any():
        return _batches(some, np.arange(len(messages)), options, urgent=False)
    first = _batches(some, np.flatnonzero(urgent), options, urgent=True)
    return first + _batches(some, np.flatnonzero(~urgent), options, urgent=False)


def _batches(
    some: Heard, rows: NDArray[np.int64], options: Options, *, urgent: bool
) -> list[ObservationBatch]:
    form = some.messages.form[rows]
    batches = []
    positions = rows[_IS_POSITION[form]]
    if len(positions):
        batches.append(position_batch(some, positions, options, urgent=urgent))
    for one in np.flatnonzero(np.bincount(form, minlength=len(Form))).tolist():
        mine = rows[form == one]
        if one in STATIC_FORMS:
            batches.append(static_batch(some, mine, urgent=urgent))
        elif one in WEATHER_FORMS:
            batches.append(weather_batch(some, mine, urgent=urgent))
        elif one == Form.AREA_NOTICE:
            batches.append(area_batch(some, mine, urgent=urgent))
        elif one == Form.SAFETY_TEXT:
            batches.append(text_batch(some, mine))
    return batches
