"""Arrow IPC streams from outside, read so that nothing in them can hurt.

Layout: https://arrow.apache.org/docs/format/Columnar.html, "Encapsulated message format" and
"Buffer compression". A compressed buffer may unfold to a thousand times its size, and offsets in a
forged one may point anywhere: compressed streams are refused before they are unfolded, batches
are validated in full before they are used.
"""

from __future__ import annotations

import struct
from typing import Final

import pyarrow as pa

MEDIA_TYPE: Final = "application/vnd.apache.arrow.stream"
_DICTIONARY_BATCH, _RECORD_BATCH = 2, 3
_HEADER_TYPE, _HEADER = 1, 2  # fields of Message
_DATA, _COMPRESSION = 1, 3  # of DictionaryBatch, of RecordBatch


class ArrowError(ValueError):
    """Bytes that are no Arrow IPC stream that is taken here; says why."""


def read_table(data: bytes, rows_at_most: int) -> pa.Table:
    """The rows of an Arrow IPC stream.

    Args:
        data: the stream, not compressed.
        rows_at_most: more are refused.

    Raises:
        ArrowError: no such stream, a compressed or forged one, or too many rows.
    """
    try:
        _refuse_compressed(data)
        batches, rows = [], 0
        with pa.ipc.open_stream(pa.py_buffer(data)) as reader:
            for batch in reader:
                batch.validate(full=True)
                rows += batch.num_rows
                if rows > rows_at_most:
                    raise ArrowError(f"more than {rows_at_most} rows: split them")
                batches.append(batch)
            table = pa.Table.from_batches(batches, reader.schema)
            "".join(table.schema.names)  # raises where one is no UTF-8
            return table
    except ArrowError:
        raise
    except (pa.ArrowException, struct.error, OSError, IndexError, ValueError) as error:
        raise ArrowError(f"no Arrow IPC stream: {error}") from None


def _refuse_compressed(data: bytes) -> None:
    reader = pa.ipc.MessageReader.open_stream(pa.py_buffer(data))
    while True:
        try:
            message = reader.read_next_message()
        except StopIteration:
            return
        if _is_compressed(message.metadata.to_pybytes()):
            raise ArrowError("the stream's buffers are compressed: send them as they are")


def _is_compressed(metadata: bytes) -> bool:
    """Whether a message's batch is compressed, from its FlatBuffers header."""
    (message,) = struct.unpack_from("<I", metadata)
    kind_at = _field(metadata, message, _HEADER_TYPE)
    header_at = _field(metadata, message, _HEADER)
    if kind_at is None or header_at is None:
        return False
    kind, batch = metadata[kind_at], _followed(metadata, header_at)
    if kind == _DICTIONARY_BATCH:
        data_at = _field(metadata, batch, _DATA)
        if data_at is None:
            return False
        batch = _followed(metadata, data_at)
    elif kind != _RECORD_BATCH:
        return False
    return _field(metadata, batch, _COMPRESSION) is not None


def _followed(data: bytes, at: int) -> int:
    return int(at + struct.unpack_from("<I", data, at)[0])


def _field(data: bytes, table: int, number: int) -> int | None:
    """Where a table's field lies; None where the table leaves it out."""
    vtable = table - struct.unpack_from("<i", data, table)[0]
    (size,) = struct.unpack_from("<H", data, vtable)
    slot = 4 + 2 * number
    if slot + 2 > size:
        return None
    (offset,) = struct.unpack_from("<H", data, vtable + slot)
    return table + offset if offset else None
