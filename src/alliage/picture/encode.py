"""ALP1 frames: a JSON header and then columns, as docs/reference/picture-protocol.md has them."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

MAGIC: Final = b"ALP1"
ALIGNMENT: Final = 8
CODES: Final = {"u1": "<u1", "u4": "<u4", "i4": "<i4", "f4": "<f4", "f8": "<f8"}

Column = tuple[str, str, NDArray[Any]]
"""Name, type code (a key of :data:`CODES`) and values, shape (n,)."""


def encode_frame(header: Mapping[str, Any], columns: Sequence[Column] = ()) -> bytes:
    """Return one message.

    Args:
        header: every key but ``columns``, which is added for what is given.
        columns: values of each column; they are cast to its type.
    """
    buffers: list[bytes | memoryview] = []
    listed = []
    offset = 0
    for name, code, values in columns:
        data = np.ascontiguousarray(values, dtype=CODES[code])
        padding = -data.nbytes % ALIGNMENT
        listed.append((name, code, offset, len(values)))
        buffers += [data.data, bytes(padding)]
        offset += data.nbytes + padding
    text = orjson.dumps({**header, "columns": listed})
    text += b" " * (-(len(text) + len(MAGIC) + 4) % ALIGNMENT)
    return b"".join([MAGIC, struct.pack("<I", len(text)), text, *buffers])


def decode_frame(frame: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Header and columns of one message; the inverse of :func:`encode_frame`.

    Raises:
        ValueError: not a frame of this version, or cut short.
    """
    if frame[:4] != MAGIC or len(frame) < 8:
        raise ValueError(f"not an ALP1 frame: it begins with {frame[:4]!r}")
    (length,) = struct.unpack_from("<I", frame, 4)
    begin = 8 + length
    if len(frame) < begin:
        raise ValueError(f"the frame ends in its header, at byte {len(frame)} of {begin}")
    header = orjson.loads(frame[8:begin])
    columns = {
        name: np.frombuffer(frame, CODES[code], count, begin + offset)
        for name, code, offset, count in header["columns"]
    }
    return header, columns
