"""A backup: everything of a node that cannot be made again, in one file, made while it runs.

The file is a tar archive compressed with Zstandard. Last in it is a manifest with the size and
SHA-256 of every file, so that a copy that was cut short, or damaged, is not restored. It holds the
node's keys and accounts: whoever has it can be the node.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Final, cast

import orjson
import pyarrow as pa

import alliage
from alliage import configured
from alliage.configured import Configured
from alliage.home import Home
from alliage.log.snapshot import Part, copy_database, copying, log_parts
from alliage.ontology.times import Clock, to_text

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
MANIFEST_BYTES: Final = 64 << 20
_CHUNK: Final = 1 << 20
# What a backup may hold: nothing else is written to the disk of whoever restores it.
_NAMES: Final = re.compile(
    r"config\.toml|keys/[a-z0-9.-]{1,80}|(accounts|quarantine)\.sqlite"
    r"|log/index\.sqlite|log/segments/\d{8}\.seg"
    rf"|{configured.NAMES}"
)

OnProgress = Callable[[int, int], None]
"""Called with the bytes that are done and those there are."""


class BackupError(Exception):
    """A backup cannot be made or used; says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of a backup."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds."""

    format: int
    version: str
    node: str
    made: str
    files: tuple[Kept, ...]

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(kept.size for kept in self.files)


def back_up(
    home: Home,
    node: str,
    clock: Clock,
    target: Path,
    progress: OnProgress,
    named: Configured | None = None,
) -> Manifest:
    """Write a backup of a node, which may be running.

    Args:
        home: its folder.
        node: its name.
        clock: says when the backup was made.
        target: the file; it appears under its name once it is whole.
        progress: is told how far it has come.
        named: the files that its configuration names, and what that is to say of them; None: its
            configuration goes as it is.

    Raises:
        BackupError: there is such a file already.
        OSError: something could not be read or written.
    """
    if target.exists():
        raise BackupError(f"{target}: exists already, and a backup overwrites nothing")
    scratch_folder = tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-")
    with scratch_folder as folder, copying(home.log):
        scratch = Path(folder)
        parts = list(_parts(home, scratch, named))
        partial = scratch / "partial"
        with _compressed(partial) as file:
            manifest = _write(file, parts, node, clock, progress)
        partial.rename(target)
    return manifest


def restore(
    source: Path, folder: Path, check: Callable[[Home], None], progress: OnProgress
) -> Manifest:
    """Make a node's folder from a backup.

    Args:
        source: the backup.
        folder: where the node is to be; there must be nothing yet.
        check: looks at what was unpacked before it gets its name, and raises what is wrong.
        progress: is told how far it has come.

    Raises:
        BackupError: the file is no backup, is not whole, or there is something in the folder.
        OSError: something could not be read or written.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BackupError(f"{folder}: is not empty, and a backup overwrites nothing")
    folder.parent.mkdir(parents=True, exist_ok=True)
    unpacked = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    try:
        with _decompressed(source) as file:
            manifest = _read(file, unpacked, source, progress)
        check(Home(unpacked))
        if folder.exists():
            folder.rmdir()
        unpacked.rename(folder)
    except (OSError, tarfile.TarError, EOFError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        # Arrow's own errors of a compressed stream are OSErrors without a number.
        raise BackupError(f"{source}: is no whole backup: {error}") from error
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)
    return manifest


def _parts(home: Home, scratch: Path, named: Configured | None) -> Iterator[Part]:
    """Accounts first: whoever is named in the log is then known, or was removed since."""
    for path in (home.accounts, home.quarantine):
        if path.exists():
            copy = scratch / path.name
            copy_database(path, copy)
            yield Part(path.name, copy, copy.stat().st_size)
    config = home.config
    if named is not None:
        config = scratch / config.name
        config.write_text(named.text, encoding="utf-8")
        yield from named.parts
    yield Part(config.name, config, config.stat().st_size)
    for path in sorted(home.keys.iterdir()):
        yield Part(f"keys/{path.name}", path, path.stat().st_size)
    log = scratch / "log"
    log.mkdir()
    for part in log_parts(home.log, log):
        yield Part(f"log/{part.name}", part.path, part.size)


def _write(
    file: IO[bytes], parts: list[Part], node: str, clock: Clock, progress: OnProgress
) -> Manifest:
    total, done = sum(part.size for part in parts), 0
    kept = []
    with tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        for part in parts:
            entry = tarfile.TarInfo(part.name)
            entry.size, entry.mode = part.size, 0o600
            with part.path.open("rb") as source:
                hashed = _Hashed(source)
                archive.addfile(entry, cast(IO[bytes], hashed))
            done += part.size
            progress(done, total)
            kept.append(Kept(part.name, part.size, hashed.digest.hexdigest()))
        made = to_text(clock.now_us())
        manifest = Manifest(FORMAT, alliage.__version__, node, made, tuple(kept))
        data = orjson.dumps(asdict(manifest))
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(data), 0o600
        archive.addfile(entry, BytesIO(data))
    return manifest


def _read(file: IO[bytes], folder: Path, source: Path, progress: OnProgress) -> Manifest:
    unpacked: dict[str, Kept] = {}
    manifest = None
    with tarfile.open(fileobj=file, mode="r|") as archive:
        for entry in archive:
            if entry.name == MANIFEST and entry.size <= MANIFEST_BYTES:
                manifest = _manifest(cast(IO[bytes], archive.extractfile(entry)).read())
            elif entry.isreg() and _NAMES.fullmatch(entry.name) and entry.name not in unpacked:
                data = cast(IO[bytes], archive.extractfile(entry))
                unpacked[entry.name] = _unpack(data, folder, entry.name)
                progress(sum(kept.size for kept in unpacked.values()), 0)
            else:
                raise BackupError(f"{source}: holds {entry.name!r}, which no backup does")
    if manifest is None:
        raise BackupError(f"{source}: is no whole backup: it ends before its manifest")
    for kept in manifest.files:
        if unpacked.pop(kept.name, None) != kept:
            raise BackupError(f"{source}: {kept.name} is damaged or missing; use another backup")
    if unpacked:
        raise BackupError(f"{source}: its manifest does not name {min(unpacked)}")
    return manifest


def _manifest(data: bytes) -> Manifest:
    try:
        said = orjson.loads(data)
        files = tuple(Kept(**kept) for kept in said.pop("files"))
        manifest = Manifest(**said, files=files)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BackupError(f"the manifest cannot be read: {error}") from error
    if manifest.format != FORMAT:
        raise BackupError(
            f"a backup of format {manifest.format}, made by Alliage {manifest.version}: "
            f"this one reads format {FORMAT}; install that version or a later one"
        )
    return manifest


def _unpack(data: IO[bytes], folder: Path, name: str) -> Kept:
    path = folder / name
    path.parent.mkdir(mode=0o700, exist_ok=True, parents=True)
    hashed, size = _Hashed(data), 0
    with _secret(path) as file:
        while chunk := hashed.read(_CHUNK):
            file.write(chunk)
            size += len(chunk)
        file.flush()
        os.fsync(file.fileno())
    return Kept(name, size, hashed.digest.hexdigest())


class _Hashed:
    """A file whose bytes are hashed as they are read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        return data


def _secret(path: Path) -> IO[bytes]:
    """A new file that only its owner can read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


@contextmanager
def _compressed(path: Path) -> Iterator[IO[bytes]]:
    """A stream into a new compressed file that is on the disk when this ends."""
    with pa.CompressedOutputStream(_secret(path), "zstd") as stream:
        yield cast(IO[bytes], stream)
    with path.open("rb") as file:
        os.fsync(file.fileno())


@contextmanager
def _decompressed(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as file, pa.CompressedInputStream(file, "zstd") as stream:
        yield cast(IO[bytes], stream)
