"""AIS payloads: fields to six-bit armour, after ITU-R M.1371-5 (annex 8) and IEC 61162-1.

One message at a time for what is rare; many at once, as columns, for position reports.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Payloads = NDArray[np.uint8]
"""Shape (messages, characters)."""

Field = tuple[int | str, int]
"""A value and its width in bits; text is padded with ``@``."""

_ALPHABET: Final = "@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_ !\"#$%&'()*+,-./0123456789:;<=>?"
_CODES: Final = {character: code for code, character in enumerate(_ALPHABET)}
_ARMOUR: Final = bytes(code + 48 if code < 40 else code + 56 for code in range(64))
_ARMOUR_TABLE: Final = np.frombuffer(_ARMOUR, np.uint8)
_WEIGHTS: Final = np.array([32, 16, 8, 4, 2, 1], np.uint8)
SENTENCE_CHARACTERS: Final = 60

CLASS_A: Final[Mapping[str, int]] = {
    "type": 6,
    "repeat": 2,
    "mmsi": 30,
    "status": 4,
    "turn": 8,
    "speed": 10,
    "accuracy": 1,
    "lon": 28,
    "lat": 27,
    "course": 12,
    "heading": 9,
    "second": 6,
    "manoeuvre": 2,
    "spare": 3,
    "raim": 1,
    "radio": 19,
}
"""Messages 1 to 3, table 48: widths in bits, in order."""

CLASS_B: Final[Mapping[str, int]] = {
    "type": 6,
    "repeat": 2,
    "mmsi": 30,
    "reserved": 8,
    "speed": 10,
    "accuracy": 1,
    "lon": 28,
    "lat": 27,
    "course": 12,
    "heading": 9,
    "second": 6,
    "reserved2": 2,
    "cs": 1,
    "display": 1,
    "dsc": 1,
    "band": 1,
    "msg22": 1,
    "assigned": 1,
    "raim": 1,
    "radio": 20,
}
"""Message 18, table 67."""


def armour(fields: Sequence[Field]) -> tuple[bytes, int]:
    """Return the payload of one message and its fill bits.

    Raises:
        KeyError: a character that AIS cannot send.
        OverflowError: a number that its field cannot hold.
    """
    bits = "".join(
        _text(v, width) if isinstance(v, str) else _number(v, width) for v, width in fields
    )
    fill = -len(bits) % 6
    bits += "0" * fill
    return bytes(_ARMOUR[int(bits[n : n + 6], 2)] for n in range(0, len(bits), 6)), fill


def armour_many(layout: Mapping[str, int], columns: Mapping[str, Ints | int]) -> Payloads:
    """Return the payloads of many messages of one layout.

    Args:
        layout: widths in bits by field; a multiple of six in all.
        columns: values of shape (messages,) or one for all; fields that are absent are 0.
            Negative ones are taken as two's complement.
    """
    count = max(np.size(column) for column in columns.values())
    bits = np.zeros((count, sum(layout.values())), np.uint8)
    start = 0
    for name, width in layout.items():
        values = np.broadcast_to(np.asarray(columns.get(name, 0), np.int64), (count,))
        places = np.arange(width - 1, -1, -1)
        bits[:, start : start + width] = values[:, None] >> places & 1
        start += width
    return np.asarray(_ARMOUR_TABLE[bits.reshape(count, -1, 6) @ _WEIGHTS])


def sentences(payload: bytes, fill: int, channel: str, sequence: int) -> list[bytes]:
    """Return the VDM sentences of one message, without line ends."""
    parts = [
        payload[n : n + SENTENCE_CHARACTERS] for n in range(0, len(payload), SENTENCE_CHARACTERS)
    ]
    number = str(sequence) if len(parts) > 1 else ""
    return [
        summed(
            b"BSVDM,%d,%d,%b,%b,%b,%d"
            % (len(parts), n, number.encode(), channel.encode(), part, fill * (n == len(parts)))
        )
        for n, part in enumerate(parts, 1)
    ]


def sentences_many(payloads: Payloads, channels: Sequence[str]) -> list[bytes]:
    """Return the one sentence of each of these messages (without fill bits, without line ends)."""
    sums = np.bitwise_xor.reduce(payloads, axis=1)
    heads = {channel: f"BSVDM,1,1,,{channel},".encode() for channel in set(channels)}
    head_sums = {channel: _xor(head + b",0") for channel, head in heads.items()}
    rows = payloads.tobytes()
    width = payloads.shape[1]
    return [
        b"!%b%b,0*%02X"
        % (heads[channel], rows[n * width : (n + 1) * width], check ^ head_sums[channel])
        for n, (check, channel) in enumerate(zip(sums.tolist(), channels, strict=True))
    ]


def summed(body: bytes, start: bytes = b"!") -> bytes:
    """Start and checksum put round the body of a sentence."""
    return b"%b%b*%02X" % (start, body, _xor(body))


def tag_block(station: str, unix_s: int) -> bytes:
    """A tag block of NMEA 0183 version 4: source and UNIX time."""
    return b"\\" + summed(f"s:{station},c:{unix_s}".encode("ascii"), b"") + b"\\"


def _number(value: int, width: int) -> str:
    if not -(1 << width - 1) <= value < 1 << width:
        raise OverflowError(f"{value!r} does not fit into {width} bits")
    return format(value & (1 << width) - 1, f"0{width}b")


def _text(value: str, width: int) -> str:
    letters = value.upper()[: width // 6].ljust(width // 6, "@")
    return "".join(format(_CODES[letter], "06b") for letter in letters)


def _xor(content: bytes) -> int:
    checksum = 0
    for byte in content:
        checksum ^= byte
    return checksum
