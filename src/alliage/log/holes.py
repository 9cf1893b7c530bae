"""Giving the space of bytes within a file back to the file system, where it can (Linux)."""

from __future__ import annotations

import ctypes
import functools
from typing import Any, Final

_KEEP_SIZE: Final = 0x01
_PUNCH_HOLE: Final = 0x02


def give_back(descriptor: int, offset: int, length: int) -> bool:
    """Make a hole in a file: the bytes read as zeros and take no space (fallocate(2)).

    Returns:
        Whether the file system did it; where it cannot, the bytes stay as they are.
    """
    fallocate = _fallocate()
    if fallocate is None:
        return False
    return bool(fallocate(descriptor, _PUNCH_HOLE | _KEEP_SIZE, offset, length) == 0)


@functools.cache
def _fallocate() -> Any:
    try:
        function = ctypes.CDLL(None, use_errno=True).fallocate
    except (OSError, AttributeError):
        return None
    function.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64]
    return function
