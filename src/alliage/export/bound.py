"""A file and the binding of its label in one zip, so that neither travels without the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from alliage.ontology.times import from_us

_CHUNK_BYTES: Final = 1024 * 1024
_LEVEL: Final = 1  # a quarter of the time of the usual level, for a few percent of the size
_PACKED: Final = frozenset([".parquet"])


def zip_bound(
    path: Path,
    file: Path,
    binding: tuple[str, bytes] | None,
    now_us: int,
    go_on: Callable[[], None],
) -> None:
    """Write a zip of a file and its binding.

    Args:
        path: of the zip.
        file: what is bound.
        binding: the name and the bytes of what binds its label; None where there is no label.
        now_us: when, as the zip says it.
        go_on: called for each megabyte; what it raises ends the work.
    """
    with ZipFile(path, "w", compresslevel=_LEVEL) as archive:
        packing = ZIP_STORED if file.suffix in _PACKED else ZIP_DEFLATED
        info = _info(file.name, now_us, packing)
        with file.open("rb") as source, archive.open(info, "w", force_zip64=True) as sink:
            while chunk := source.read(_CHUNK_BYTES):
                go_on()
                sink.write(chunk)
        if binding is not None:
            name, data = binding
            archive.writestr(_info(name, now_us, ZIP_DEFLATED), data)


def _info(name: str, now_us: int, packing: int) -> ZipInfo:
    at = from_us(now_us)
    info = ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
    info.compress_type = packing
    info.external_attr = 0o600 << 16
    return info
