"""Payloads to messages: what kind each is, and whether it can be used."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import IntEnum
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from alliage.feeds.ais import layouts
from alliage.feeds.ais.assembly import Payloads
from alliage.feeds.ais.fields import Columns, Layout
from alliage.feeds.ais.payload import CLASSES, MAX_CHARS, Bits, unpack_armour


class Form(IntEnum):
    """Kinds of message with one layout each."""

    OTHER = 0  # a message that says nothing this feed reads
    UNKNOWN = 1  # no message of the standard
    CLASS_A_POSITION = 2
    BASE_STATION = 3
    CLASS_A_STATIC = 4
    SAR_AIRCRAFT = 5
    SAFETY_TEXT = 6
    CLASS_B_POSITION = 7
    CLASS_B_EXTENDED = 8
    AID_TO_NAVIGATION = 9
    LONG_RANGE = 10
    CLASS_B_NAME = 11
    CLASS_B_STATIC = 12
    AUXILIARY_STATIC = 13
    WEATHER_236 = 14
    WEATHER_289 = 15
    AREA_NOTICE = 16


LAYOUTS: Final[dict[Form, Layout]] = {
    form: getattr(layouts, form.name) for form in Form if form > Form.UNKNOWN
}
_FORM_OF_TYPE: Final = np.full(64, Form.UNKNOWN, np.int8)
_FORM_OF_TYPE[1:28] = Form.OTHER
for _type, _layout in layouts.BY_TYPE.items():
    _FORM_OF_TYPE[_type] = next(form for form, known in LAYOUTS.items() if known is _layout)
_MIN_BITS: Final = np.zeros(len(Form), np.int64)
for _form, _layout in LAYOUTS.items():
    _MIN_BITS[_form] = _layout.min_bits
_APPLICATIONS: Final = {
    (1, 11): Form.WEATHER_236,
    (1, 22): Form.AREA_NOTICE,
    (1, 31): Form.WEATHER_289,
}
_TYPE, _MMSI = layouts.HEAD.field("msg_type"), layouts.HEAD.field("mmsi")
_DAC, _FID = layouts.APPLICATION.field("dac"), layouts.APPLICATION.field("fid")
_PART_NUMBER: Final = layouts.STATIC_PART.field("partno")
AUXILIARY_MMSI: Final = (980_000_000, 989_999_999)
"""MMSIs of craft associated with a parent ship, 98MIDxxxx (ITU-R M.585-9, annex 1, section 5)."""


@dataclass(slots=True)
class Messages:
    """Messages in columns, in the order in which they were heard.

    Attributes:
        number: counts the messages of this connection.
        form: :class:`Form`.
        msg_type: message type, 1 to 27.
        mmsi: of the station that speaks.
        at: where the message's bits begin in ``words``.
        bits: how many there are.
        recorded_us: by the origin's clock, NO_TIME where it has none.
        received_us: by this node's clock.
        station: number of the receiving station, NO_STATION where not said.
        words: packed bits of all messages, see :class:`~alliage.feeds.ais.payload.Bits`.
    """

    number: NDArray[np.int64]
    form: NDArray[np.int8]
    msg_type: NDArray[np.int64]
    mmsi: NDArray[np.int64]
    at: NDArray[np.int64]
    bits: NDArray[np.int64]
    recorded_us: NDArray[np.int64]
    received_us: NDArray[np.int64]
    station: NDArray[np.int32]
    words: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.number)

    @classmethod
    def none(cls) -> Messages:
        """No messages."""
        empty = np.empty(0, np.int64)
        return Messages(
            empty, np.empty(0, np.int8), empty, empty, empty, empty, empty, empty,
            np.empty(0, np.int32), np.empty(0, np.uint64),
        )  # fmt: skip

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_] | slice) -> Self:
        """Some of the messages; the packed bits are shared."""
        columns = {name: getattr(self, name)[rows] for name in _PER_MESSAGE}
        return type(self)(**columns, words=self.words)

    def copied(self) -> Self:
        """The same messages with only their own packed bits, to be kept for later."""
        size = np.array(CLASSES)[np.searchsorted(np.array(CLASSES) * 48, self.bits)]
        starts = np.cumsum(size) - size
        offsets = np.arange(int(size.sum())) - np.repeat(starts, size)
        words = self.words[np.repeat(self.at, size) + offsets]
        return replace(self, at=starts, words=words)

    def followed_by(self, later: Self) -> Self:
        """These messages and then those."""
        if not len(self):
            return later
        joined = type(self)(
            *(
                np.concatenate([getattr(self, name), getattr(later, name)])
                for name in (*_PER_MESSAGE, "words")
            )
        )
        joined.at[len(self) :] += len(self.words)
        return joined

    def columns(self) -> Columns:
        """Reader of fields; all messages must have the layout that is asked for."""
        return Columns(self.words, self.at)


_PER_MESSAGE: Final = tuple(f.name for f in fields(Messages) if f.name != "words")


@dataclass(slots=True)
class Read:
    """Usable messages with the key of each, and what became of the other payloads.

    ``refused`` has a reason and a detail by index into the payloads; ``ignored`` counts by reason.
    """

    messages: Messages
    keys: list[bytes]
    refused: dict[int, tuple[str, str]]
    ignored: dict[str, int]


def read_messages(payloads: Payloads, first_number: int) -> Read:
    """Unpack payloads, find the form of each and set aside what cannot be used."""
    refused: dict[int, tuple[str, str]] = {}
    ignored: dict[str, int] = {}
    chars = payloads.chars
    fits = (chars > 0) & (chars <= MAX_CHARS)
    for index in np.flatnonzero(chars > MAX_CHARS).tolist():
        refused[index] = ("too_long", f"a payload of {chars[index]} characters")
    empty = int((chars == 0).sum())
    if empty:
        ignored["no_payload"] = empty
    rows = np.flatnonzero(fits)
    bits, sound, keys = unpack_armour(
        payloads.data, payloads.start[rows], chars[rows], payloads.fill_bits[rows]
    )
    form, msg_type, mmsi = _recognise(bits)
    needed = np.maximum(_MIN_BITS[form], layouts.HEAD.min_bits)
    good = sound & (form > Form.UNKNOWN) & (bits.count >= needed)
    if not good.all():
        _explain(rows, bits, sound, form, msg_type, needed, refused, ignored)
        keys = [key for key, usable in zip(keys, good.tolist(), strict=True) if usable]
        rows, form, msg_type, mmsi = rows[good], form[good], msg_type[good], mmsi[good]
        bits = Bits(bits.words, bits.at[good], bits.count[good])
    messages = Messages(
        first_number + np.arange(len(rows)),
        form,
        msg_type,
        mmsi,
        bits.at,
        bits.count,
        payloads.recorded_us[rows],
        payloads.received_us[rows],
        payloads.station[rows],
        bits.words,
    )
    return Read(messages, keys, refused, ignored)


def _recognise(bits: Bits) -> tuple[NDArray[np.int8], NDArray[np.int64], NDArray[np.int64]]:
    """Form, message type and MMSI."""
    columns = Columns(bits.words, bits.at)
    msg_type, mmsi = columns.number(_TYPE), columns.number(_MMSI)
    form = _FORM_OF_TYPE[msg_type]
    applications = np.flatnonzero((msg_type == 8) & (bits.count >= layouts.APPLICATION.min_bits))
    if len(applications):
        some = Columns(bits.words, bits.at[applications])
        dac, fid = some.number(_DAC), some.number(_FID)
        for (wanted_dac, wanted_fid), wanted in _APPLICATIONS.items():
            form[applications[(dac == wanted_dac) & (fid == wanted_fid)]] = wanted
    static = np.flatnonzero(msg_type == 24)
    if len(static):
        part = Columns(bits.words, bits.at[static]).number(_PART_NUMBER)
        auxiliary = (mmsi[static] >= AUXILIARY_MMSI[0]) & (mmsi[static] <= AUXILIARY_MMSI[1])
        form[static[part == 0]] = Form.CLASS_B_NAME
        form[static[(part == 1) & ~auxiliary]] = Form.CLASS_B_STATIC
        form[static[(part == 1) & auxiliary]] = Form.AUXILIARY_STATIC
    return form, msg_type, mmsi


def _explain(
    rows: NDArray[np.int64],
    bits: Bits,
    sound: NDArray[np.bool_],
    form: NDArray[np.int8],
    msg_type: NDArray[np.int64],
    needed: NDArray[np.int64],
    refused: dict[int, tuple[str, str]],
    ignored: dict[str, int],
) -> None:
    """Say of each payload that is not good why; what this feed does not read is only counted."""
    short = bits.count < needed
    for index in np.flatnonzero(~sound | short | (form == Form.UNKNOWN)).tolist():
        if not sound[index]:
            why = ("armour", "a character that no six bits are written as")
        elif bits.count[index] < layouts.HEAD.min_bits:
            why = ("too_short", f"{bits.count[index]} bits, {layouts.HEAD.min_bits} at least")
        elif form[index] == Form.UNKNOWN:
            why = ("unknown_type", f"message type {msg_type[index]}")
        else:
            title = LAYOUTS[Form(int(form[index]))].title if form[index] > 1 else "a message"
            why = ("too_short", f"{title}: {bits.count[index]} bits, {needed[index]} at least")
        refused[int(rows[index])] = why
    other = sound & ~short & (form == Form.OTHER)
    for number, count in enumerate(np.bincount(msg_type[other], minlength=64).tolist()):
        if count:
            ignored[f"message_{number}"] = count
