"""Bytes to flat JSON objects, wherever they were cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

LONGEST: Final = 64 * 1024
"""An object is no longer than that: what is goes as bytes of none."""

_OBJECT: Final = re.compile(rb"\{[^{}]*\}")
_BETWEEN: Final = b" \t\r\n,[]"


class ObjectCutter:
    """The bytes of one connection; ``rest`` is the beginning of an object that has not ended."""

    def __init__(self) -> None:
        self.rest = b""

    def cut(self, data: bytes, at_end: bool = False) -> Iterator[tuple[bytes, bool]]:
        """Give out pieces in order, each with whether it is an object; separators are none.

        Args:
            data: the next bytes.
            at_end: no more will come: what has begun is no object.
        """
        data, at = self.rest + data, 0
        for found in _OBJECT.finditer(data):
            yield from _other(data[at : found.start()])
            yield found[0], True
            at = found.end()
        begun = -1 if at_end else data.rfind(b"{", at)
        if begun < 0 or len(data) - begun > LONGEST:
            begun = len(data)
        yield from _other(data[at:begun])
        self.rest = data[begun:]


def _other(between: bytes) -> Iterator[tuple[bytes, bool]]:
    told = between.strip(_BETWEEN)
    for start in range(0, len(told), LONGEST):
        yield told[start : start + LONGEST], False
