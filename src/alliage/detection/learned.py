"""What a detection context has learned, kept in a file so that it survives a restart.

A learner gives out tables, arrays by name, and takes them back. All of one context lie in one file
that names the context: what was learned under some labels is never read under others. Each table
bears its learner's name and version, so that a newer version begins anew and does not misread an
older one's. A file that cannot be read is taken away: it can be learned again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple, Protocol, runtime_checkable

import numpy as np
import orjson
import structlog
from numpy.typing import NDArray

from alliage.history.files import Disk

if TYPE_CHECKING:
    from alliage.detection.scene import Scene

Tables = Mapping[str, NDArray[Any]]

FORMAT: Final = 1
MOST_BYTES: Final = 256 << 20
"""A larger file is none of ours."""

MOST_ROWS: Final = 200_000
"""Rows of one table that are kept; those that were learned from least are left out."""

_log = structlog.get_logger(__name__)


@runtime_checkable
class Learner(Protocol):
    """Something that learns: a detector, say."""

    name: ClassVar[str]
    version: ClassVar[int]

    def dump(self, scene: Scene) -> Tables:
        """What it has learned."""
        ...

    def load(self, scene: Scene, tables: Tables) -> None:
        """Take back what :meth:`dump` gave out; it has learned nothing yet.

        Raises:
            KeyError: a table is missing.
            ValueError: a table is not as it must be.
        """
        ...


class Learned(NamedTuple):
    """What one context has learned.

    Attributes:
        known: number of the last entry of the log that it has taken in.
        saved_us: when that was, by the node's clock.
        look: number of the last look that it has learned from.
        tables: by ``learner@version/table``.
    """

    known: int
    saved_us: int
    look: int
    tables: Tables


class LearnedFiles:
    """The files of all contexts, in one folder."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is made when something is written."""
        self._folder = folder
        self._disk = Disk()

    def write(self, context: str, learned: Learned) -> None:
        """Keep what a context has learned, in place of what was kept of it.

        Raises:
            OSError: the disk refuses.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        head = {"format": FORMAT, "context": context, **learned._asdict()}
        del head["tables"]
        tables = {**learned.tables, "head": packed(head)}

        def save(path: Path) -> None:
            with path.open("wb") as file:
                np.savez(file, allow_pickle=False, **tables)

        self._disk.publish(self._path(context), save)

    def read(self, context: str) -> Learned | None:
        """What a context has learned; None where nothing is kept of it that can be read."""
        path = self._path(context)
        if not path.is_file():
            return None
        try:
            if path.stat().st_size > MOST_BYTES:
                raise ValueError(f"larger than {MOST_BYTES} bytes")
            with np.load(path, allow_pickle=False) as found:
                tables = {name: found[name] for name in found.files}
            head = unpacked(tables.pop("head"))
            if head["format"] != FORMAT or head["context"] != context:
                raise ValueError("of another format, or of another context")
            return Learned(head["known"], head["saved_us"], head["look"], tables)
        except Exception as error:  # whatever is wrong in a file: it is not worth a stop
            self.refuse(context, error)
            return None

    def saved_us(self) -> int | None:
        """When anything was kept last; None where nothing is."""
        times = [self._saved_us(path) for path in self._folder.glob("*.npz")]
        return max(times, default=None)

    def refuse(self, context: str, problem: Exception) -> None:
        """Take away what cannot be used, and say so."""
        _log.warning("detection: learned again from nothing", problem=repr(problem))
        self._disk.remove(self._path(context))

    def forget(self, context: str) -> None:
        """Take away what was learned from reports that this context may see no longer."""
        self._disk.remove(self._path(context))

    def _saved_us(self, path: Path) -> int:
        try:
            with np.load(path, allow_pickle=False) as found:
                return int(unpacked(found["head"])["saved_us"])
        except Exception:  # it is taken away when its context comes
            return 0

    def _path(self, context: str) -> Path:
        return self._folder / f"{hashlib.sha256(context.encode()).hexdigest()[:32]}.npz"


def packed(value: Any) -> NDArray[np.uint8]:
    """Words and numbers of any shape as an array."""
    return np.frombuffer(orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY), np.uint8)


def unpacked(array: NDArray[np.uint8]) -> Any:
    """Inverse of :func:`packed`."""
    return orjson.loads(array.tobytes())


def most(weight: NDArray[np.float64]) -> NDArray[np.intp]:
    """Rows of a table that are kept, in order: the :data:`MOST_ROWS` that weigh most."""
    if len(weight) <= MOST_ROWS:
        return np.arange(len(weight))
    return np.sort(np.argsort(-weight, kind="stable")[:MOST_ROWS])
