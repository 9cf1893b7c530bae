"""Power cuts: what may be on the disk when the power goes, told from what had been synced.

Every sync of a process is watched: ``os.fsync``, and SQLite's own through a VFS that hands
everything on to the one it stands for. A file's bytes at its last sync are safe; any sector
written since may be there or not, in any order and across files; a name is safe once its folder
was synced after it was made. (SQLite syncs the folder with the first sync of a new journal or
write-ahead log.) What it keeps in shared memory is not on the disk at all.
"""

from __future__ import annotations

import _sqlite3
import ctypes
import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECTOR_BYTES = 512
NOT_ON_DISK = ("-shm", "lock")

Luck = Callable[[], bool]


@dataclass(frozen=True)
class Remains:
    """One name in a folder when the power goes.

    ``safe`` and ``written`` are the bytes of the file that bears it, as last synced and as they
    should be; a name that was taken away has None for ``safe``. ``earlier`` is what is found where
    the name's change is not on the disk either, None for nothing.
    """

    path: Path
    safe: bytes | None
    written: bytes
    name_is_safe: bool
    earlier: bytes | None

    def found(self, luck: Luck) -> bytes | None:
        """What is there afterwards, where luck decides over everything that is not safe."""
        if not self.name_is_safe and not luck():
            return self.earlier
        if self.safe is None:
            return None
        length = len(self.written) if luck() else len(self.safe)
        content = bytearray()
        for at in range(0, length, SECTOR_BYTES):
            sector = (self.written if luck() else self.safe)[at : min(at + SECTOR_BYTES, length)]
            content += sector.ljust(min(SECTOR_BYTES, length - at), b"\0")
        return bytes(content)


@dataclass(frozen=True)
class Moment:
    """A moment just before a sync: the folder, and how much had been acknowledged."""

    acknowledged: int
    remains: tuple[Remains, ...]

    def synced(self, name: str) -> bool:
        """Whether anything of the file of this name is safe."""
        return any(one.safe for one in self.remains if one.path.name == name)

    def restore(self, folder: Path, luck: Luck) -> None:
        """Make the folder as it might be found."""
        for one in self.remains:
            found = one.found(luck)
            if found is not None:
                path = folder / one.path
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(found)


class Recorder:
    """Watches the syncs of one folder and keeps each moment."""

    def __init__(self, folder: Path) -> None:
        self.acknowledged = 0
        self.moments: list[Moment] = []
        self._folder = folder
        self._open: dict[int, int] = {}  # by inode: kept open, so that no number is used again
        self._safe: dict[int, bytes] = {}
        self._names: dict[Path, int] = {}

    def before_sync(self) -> None:
        """Keep this moment."""
        live = self._look()
        remains = []
        for path in sorted({*live, *self._names}):
            inode, safe_inode = live.get(path), self._names.get(path)
            earlier = None if safe_inode is None else self._safe.get(safe_inode, b"")
            remains.append(
                Remains(
                    path.relative_to(self._folder),
                    safe=None if inode is None else self._safe.get(inode, b""),
                    written=b"" if inode is None else self._read(inode),
                    name_is_safe=inode == safe_inode,
                    earlier=earlier,
                )
            )
        self.moments.append(Moment(self.acknowledged, tuple(remains)))

    def after_sync(self, path: Path) -> None:
        """What is in this file or folder is safe now."""
        live = self._look()
        if path.is_dir():
            inside = {name: inode for name, inode in live.items() if name.parent == path}
            kept = {name: inode for name, inode in self._names.items() if name.parent != path}
            self._names = {**kept, **inside}
        else:
            inode = live[path]
            self._safe[inode] = self._read(inode)

    def close(self) -> None:
        for descriptor in self._open.values():
            os.close(descriptor)

    def _look(self) -> dict[Path, int]:
        found = {}
        for path in self._folder.rglob("*"):
            if path.is_file() and not path.name.endswith(NOT_ON_DISK):
                inode = path.stat().st_ino
                found[path] = inode
                if inode not in self._open:
                    self._open[inode] = os.open(path, os.O_RDONLY)
        return found

    def _read(self, inode: int) -> bytes:
        descriptor = self._open[inode]
        return os.pread(descriptor, os.fstat(descriptor).st_size, 0)


@contextmanager
def watched(folder: Path, monkeypatch: Any) -> Iterator[Recorder]:
    """Record every sync in this folder while the block runs."""
    recorder = Recorder(folder)
    real_fsync = os.fsync

    def fsync(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if not path.is_relative_to(folder):
            real_fsync(descriptor)
            return
        recorder.before_sync()
        real_fsync(descriptor)
        recorder.after_sync(path)

    def sqlite_synced(path: Path) -> None:
        recorder.after_sync(path)
        if path.name.endswith(("-wal", "-journal")):
            recorder.after_sync(path.parent)

    with monkeypatch.context() as patch, _watched_sqlite(recorder.before_sync, sqlite_synced):
        patch.setattr("os.fsync", fsync)
        yield recorder
    recorder.close()


# --- SQLite's side: https://www.sqlite.org/c3ref/vfs.html, .../io_methods.html

_POINTERS = 18
# The name is handed on as the pointer it is: SQLite keeps it for as long as the file is open.
_OPEN = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
)
_SYNC = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int)


class _Methods(ctypes.Structure):
    _fields_ = [("version", ctypes.c_int), ("functions", ctypes.c_void_p * _POINTERS)]


class _Vfs(ctypes.Structure):
    _fields_ = [
        ("version", ctypes.c_int),
        ("file_bytes", ctypes.c_int),
        ("path_bytes", ctypes.c_int),
        ("next", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("data", ctypes.c_void_p),
        ("functions", ctypes.c_void_p * 16),
    ]


_XSYNC = 4
_XOPEN = 0


def sqlite_library() -> ctypes.CDLL | None:
    """The SQLite that Python uses, None where its functions cannot be called from outside.

    Asked of Python's own module: other packages (PROJ is one) bring a SQLite of theirs, whose
    syncs say nothing about ours.
    """
    module = getattr(_sqlite3, "__file__", None)
    library = None if module is None else ctypes.CDLL(module)
    return library if hasattr(library, "sqlite3_vfs_find") else None


@contextmanager
def _watched_sqlite(before: Callable[[], None], after: Callable[[Path], None]) -> Iterator[None]:
    library = sqlite_library()
    assert library is not None
    library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
    real = library.sqlite3_vfs_find(None)
    ours = _Vfs()
    ctypes.memmove(ctypes.byref(ours), real, ctypes.sizeof(_Vfs))
    ours.name = b"watched"
    real_open = _OPEN(real.contents.functions[_XOPEN])
    paths: dict[int, Path] = {}
    kept: list[object] = []
    methods_of: dict[int, _Methods] = {}

    def watching(real_methods: int) -> _Methods:
        """A copy of the VFS's methods whose sync is ours; one for each kind of file."""
        if real_methods not in methods_of:
            methods = _Methods.from_buffer_copy(_Methods.from_address(real_methods))
            real_sync = _SYNC(methods.functions[_XSYNC])

            def sync(file: int, flags: int) -> int:
                before()
                code: int = real_sync(file, flags)
                after(paths[file])
                return code

            callback = _SYNC(sync)
            kept.append(callback)
            methods.functions[_XSYNC] = ctypes.cast(callback, ctypes.c_void_p).value
            methods_of[real_methods] = methods
        return methods_of[real_methods]

    def open_(_vfs: int, name: int | None, file: int, flags: int, out: int) -> int:
        code: int = real_open(ctypes.addressof(real.contents), name, file, flags, out)
        pointer = ctypes.c_void_p.from_address(file)
        if code == 0 and name is not None and pointer.value is not None:
            paths[file] = Path(os.fsdecode(ctypes.string_at(name)))
            pointer.value = ctypes.addressof(watching(pointer.value))
        return code

    opening = _OPEN(open_)
    ours.functions[_XOPEN] = ctypes.cast(opening, ctypes.c_void_p).value
    library.sqlite3_vfs_register(ctypes.byref(ours), 1)
    try:
        yield
    finally:
        library.sqlite3_vfs_register(real, 1)
        library.sqlite3_vfs_unregister(ctypes.byref(ours))


def lucky(chance: random.Random, share: float) -> Luck:
    """Luck that comes with this probability."""
    return lambda: chance.random() < share
