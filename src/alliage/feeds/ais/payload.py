"""Armoured payloads to packed bits: eight characters become one 48-bit word, for all at once.

Armour (IEC 61162-1, ITU-R M.1371-5 has no part in it): character codes 48..87 stand for 0..39 and
96..119 for 40..63. All arithmetic is on ``uint64`` that hold eight characters, a byte each ("SIMD
within a register"), so that a message of 168 bits costs four words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

WORD_BITS: Final = 48
WORD_CHARS: Final = 8
CLASSES: Final = (4, 9, 23)
"""Words a message may have; it takes the smallest class it fits: one slot, static data, any."""
MAX_CHARS: Final = CLASSES[-1] * WORD_CHARS


def _every(byte: int) -> np.uint64:
    return np.uint64(int.from_bytes(bytes([byte]) * 8, "big"))


_HIGH, _ZEROS = _every(0x80), _every(0x30)
_LOW7, _UPPER5 = _every(0x7F), _every(0x78)
_GAP, _FORTY = _every(0x58), _every(0x58)  # 88 starts the gap; 40 + 88 sets the high bit
_ABOVE: Final = _every(0x08)  # 120 + 8 sets the high bit
_KEPT: Final = np.array([((1 << 8 * n) - 1) << 8 * (8 - n) for n in range(9)], np.uint64)
"""Mask that keeps the first n characters of a word."""


@dataclass(slots=True)
class Bits:
    """Packed payloads of any length side by side.

    Payload ``i`` begins at ``words[at[i]]``; each word holds 48 bits, the first bit highest;
    bits behind ``count[i]`` are zero.
    """

    words: NDArray[np.uint64]
    at: NDArray[np.int64]
    count: NDArray[np.int64]


def unpack_armour(
    data: bytes,
    start: NDArray[np.int64],
    chars: NDArray[np.int64],
    fill_bits: NDArray[np.uint8],
) -> tuple[Bits, NDArray[np.bool_], list[bytes]]:
    """Packed bits, which payloads have only characters of the armour, and a key of each.

    Every payload must have at most ``MAX_CHARS`` characters.
    """
    rows_of_class, words_of_class, at = [], [], np.empty(len(start), np.int64)
    sound = np.empty(len(start), np.bool_)
    keys: list[bytes] = []
    width_of = np.searchsorted(np.array(CLASSES) * WORD_CHARS, chars)
    filled = 0
    for number, width in enumerate(CLASSES):
        rows = np.flatnonzero(width_of == number)
        if not len(rows):
            continue
        text = _gather(data, start[rows], chars[rows], width)
        sound[rows] = _only_armour(text)
        packed = _pack(text)
        _clear_fill(packed, chars[rows], fill_bits[rows])
        at[rows] = filled + width * np.arange(len(rows))
        filled += packed.size
        rows_of_class.append(rows)
        words_of_class.append(packed.ravel())
        keys += _keys(packed, 6 * chars[rows] - fill_bits[rows])
    words = np.concatenate(words_of_class) if words_of_class else np.empty(0, np.uint64)
    bits = Bits(words, at, 6 * chars - fill_bits)
    if len(rows_of_class) > 1:
        keys = _in_order(keys, np.concatenate(rows_of_class))
    return bits, sound, keys


def _gather(
    data: bytes, start: NDArray[np.int64], chars: NDArray[np.int64], width: int
) -> NDArray[np.uint64]:
    """Characters as big-endian words, shape (payloads, width), "0" behind the last."""
    size = width * WORD_CHARS
    windows = np.ndarray((len(data) - size,), f"V{size}", data, 0, (1,))
    text = windows[start].view(">u8").reshape(len(start), width).astype(np.uint64)
    left = chars[:, None] - WORD_CHARS * np.arange(width)
    kept = _KEPT[np.clip(left, 0, WORD_CHARS)]
    filled: NDArray[np.uint64] = (text & kept) | (_ZEROS & ~kept)
    return filled


def _only_armour(text: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Whether each row has only characters 48..87 and 96..119."""
    plain = text & _LOW7
    too_low = ~((plain | _HIGH) - _ZEROS)
    in_gap = ~(((plain ^ _GAP) & _UPPER5) + _LOW7)
    too_high = plain + _ABOVE
    bad: NDArray[np.bool_] = ((text | too_low | in_gap | too_high) & _HIGH).any(axis=1)
    return ~bad


def _pack(text: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Six bits of each of eight characters, next to each other in the low 48 bits."""
    six = text - _ZEROS
    six -= ((six + _FORTY) & _HIGH) >> np.uint64(4)  # above 39 the armour skips eight codes
    u = np.uint64
    six = (six & u(0x003F003F003F003F)) | ((six & u(0x3F003F003F003F00)) >> u(2))
    six = (six & u(0x00000FFF00000FFF)) | ((six & u(0x0FFF00000FFF0000)) >> u(4))
    packed: NDArray[np.uint64]
    packed = (six & u(0x0000000000FFFFFF)) | ((six & u(0x00FFFFFF00000000)) >> u(8))
    return packed


def _clear_fill(
    packed: NDArray[np.uint64], chars: NDArray[np.int64], fill_bits: NDArray[np.uint8]
) -> None:
    """Set the fill bits behind the payload to zero: they say nothing and may differ."""
    rows = np.flatnonzero((fill_bits > 0) & (chars > 0))
    if not len(rows):
        return
    count = 6 * chars[rows] - fill_bits[rows]
    word = (count - 1) // WORD_BITS  # at most five fill bits: the last character's word
    shift = (WORD_BITS * (word + 1) - count).astype(np.uint64)
    packed[rows, word] = (packed[rows, word] >> shift) << shift


def _keys(packed: NDArray[np.uint64], count: NDArray[np.int64]) -> list[bytes]:
    """Rows as bytes; the length in bits stands in the first word's unused upper 16 bits."""
    keyed = packed.copy()
    keyed[:, 0] |= count.astype(np.uint64) << np.uint64(WORD_BITS)
    keys: list[bytes] = keyed.view(f"V{8 * packed.shape[1]}").ravel().tolist()
    return keys


def _in_order(keys: list[bytes], rows: NDArray[np.int64]) -> list[bytes]:
    ordered = np.empty(len(keys), object)
    ordered[rows] = keys
    result: list[bytes] = ordered.tolist()
    return result
