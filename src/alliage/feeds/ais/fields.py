"""Fields out of packed bits, a column at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alliage.feeds.ais.payload import WORD_BITS

TEXT_CHARS: Final = 8
_u = np.uint64


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a message: where it starts, how many bits it has, how they are meant."""

    name: str
    start: int
    width: int
    signed: bool = False
    text: bool = False

    @property
    def end(self) -> int:
        """First bit behind the field."""
        return self.start + self.width


@dataclass(frozen=True, slots=True)
class Layout:
    """The fields of one kind of message. Shorter than ``min_bits`` it cannot be used."""

    title: str
    min_bits: int
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field:
        """The field of this name.

        Raises:
            KeyError: there is none.
        """
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise KeyError(f"{self.title} has no field {name!r}")


def layout(title: str, min_bits: int, *rows: tuple[str, int, str]) -> Layout:
    """Lay fields end to end; each row is a name, a width and ``u``, ``s`` (signed) or ``t`` (text).

    Names that begin with ``_`` are spare bits and become no field.
    """
    fields, start = [], 0
    for name, width, kind in rows:
        if not name.startswith("_"):
            fields.append(Field(name, start, width, kind == "s", kind == "t"))
        start += width
    return Layout(title, min_bits, tuple(fields))


@dataclass(slots=True)
class Columns:
    """Reads fields of messages that share one layout. Words are gathered once each.

    ``at`` says where each message's bits begin in ``words``. A field that lies behind the end
    of a message reads zero bits.
    """

    words: NDArray[np.uint64]
    at: NDArray[np.int64]
    _gathered: dict[int, NDArray[np.uint64]] = field(default_factory=dict)

    def number(self, wanted: Field) -> NDArray[np.int64]:
        """Integers of a field of at most 48 bits, two's complement where it is signed."""
        raw = self._bits(wanted.start, wanted.width).astype(np.int64)
        if wanted.signed:
            sign = np.int64(1 << (wanted.width - 1))
            raw = (raw ^ sign) - sign
        return raw

    def text(self, wanted: Field) -> NDArray[np.bytes_]:
        """Six-bit ASCII (M.1371-5, table 47), up to the first ``@``, trailing blanks removed."""
        chunks = []
        for start in range(wanted.start, wanted.end, WORD_BITS):
            width = min(WORD_BITS, wanted.end - start)
            chunks.append(_to_ascii(self._bits(start, width) << _u(WORD_BITS - width)))
        letters = np.stack(chunks, axis=1).astype(">u8").view(np.uint8)
        letters = letters.reshape(len(self.at), -1)[:, : wanted.width // 6]
        return _cut(letters)

    def _bits(self, start: int, width: int) -> NDArray[np.uint64]:
        word, offset = divmod(start, WORD_BITS)
        end = offset + width
        if end <= WORD_BITS:
            return (self._word(word) >> _u(WORD_BITS - end)) & _u((1 << width) - 1)
        high = self._word(word) & _u((1 << (WORD_BITS - offset)) - 1)
        low = self._word(word + 1) >> _u(2 * WORD_BITS - end)
        return (high << _u(end - WORD_BITS)) | low

    def _word(self, number: int) -> NDArray[np.uint64]:
        known = self._gathered.get(number)
        if known is None:
            known = self._gathered[number] = self.words[self.at + number]
        return known


def _to_ascii(six: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Eight six-bit characters in 48 bits to eight ASCII bytes in 64."""
    six = ((six & _u(0xFFFFFF000000)) << _u(8)) | (six & _u(0x000000FFFFFF))
    six = ((six & _u(0x00FFF00000FFF000)) << _u(4)) | (six & _u(0x00000FFF00000FFF))
    six = ((six & _u(0x0FC00FC00FC00FC0)) << _u(2)) | (six & _u(0x003F003F003F003F))
    return six + ((~six & _u(0x2020202020202020)) << _u(1))  # 0..31 are @ and the letters


def _cut(letters: NDArray[np.uint8]) -> NDArray[np.bytes_]:
    """Letters, shape (n, width), to byte strings without what follows ``@`` and end blanks."""
    ended = np.logical_or.accumulate(letters == ord("@"), axis=1)
    letters = np.where(ended, np.uint8(0), letters)
    solid = (letters != 0) & (letters != ord(" "))
    kept = np.logical_or.accumulate(solid[:, ::-1], axis=1)[:, ::-1]
    plain = np.ascontiguousarray(np.where(kept, letters, np.uint8(0)))
    return plain.view(f"S{plain.shape[1]}").ravel()
