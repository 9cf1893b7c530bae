"""The log's own Merkle tree and its checkpoints, kept in the index and committed with entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
import structlog

from alliage.log.algorithms import SigningKey
from alliage.log.checkpoint import Checkpoint, SignedCheckpoint
from alliage.log.database import writing
from alliage.log.merkle import consistency_proof, inclusion_proof, leaf_hash
from alliage.log.tiles import WIDTH, Tile, Tree

CHECKPOINT_ENTRIES: Final = 10_000
CHECKPOINT_US: Final = 600_000_000
"""A checkpoint is made with the commit that is so many entries, or so long, after the last one."""

_BUILD_ENTRIES: Final = 64 * WIDTH

_metadata = sa.MetaData()
_tiles = sa.Table(
    "tiles",
    _metadata,
    sa.Column("level", sa.Integer, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("hashes", sa.LargeBinary),
    sa.Column("root", sa.LargeBinary),
)
_checkpoints = sa.Table(
    "checkpoints",
    _metadata,
    sa.Column("size", sa.Integer, primary_key=True),
    sa.Column("known_us", sa.BigInteger),
    sa.Column("note", sa.Text),
)

_logger = structlog.get_logger(__name__)


class TreeError(RuntimeError):
    """The Merkle tree and the entries do not belong together; says how."""


@dataclass(frozen=True, slots=True)
class Growth:
    """What a commit does to the tree: to be written with its entries, then accepted."""

    tree: Tree
    tiles: Sequence[Tile]
    known_us: int = 0
    note: str | None = None

    def write(self, connection: sa.Connection) -> None:
        """Write tiles and checkpoint within a transaction."""
        if self.tiles:
            rows = [tile._asdict() for tile in self.tiles]
            connection.execute(sa.insert(_tiles), rows)
        if self.note is not None:
            row = {"size": self.tree.size, "known_us": self.known_us, "note": self.note}
            connection.execute(sa.insert(_checkpoints).values(row))


class LogTree:
    """The tree over all entries: leaf ``number - 1`` is the place of entry ``number``.

    Full tiles lie in the index; what is not full yet is made again from the last entries when
    the log is opened. Grown by one thread.
    """

    def __init__(self, engine: sa.Engine, origin: str, key: SigningKey) -> None:
        """Use :meth:`load` and :meth:`build` next.

        Args:
            engine: the index.
            origin: the log's name in checkpoints.
            key: what signs them.
        """
        self.origin = origin
        self._engine = engine
        self._key = key
        self._tree = Tree()
        self._unsaved: dict[tuple[int, int], bytes] = {}
        self._last_size = 0
        self._last_us = 0

    @property
    def size(self) -> int:
        """Number of entries in the tree."""
        return self._tree.size

    def exists(self) -> bool:
        """Whether it was begun: not in a log that only an older version has written."""
        if not sa.inspect(self._engine).has_table(_checkpoints.name):
            return False
        with self._engine.connect() as connection:
            tables = (_tiles, _checkpoints)
            return any(connection.execute(sa.select(t).limit(1)).first() for t in tables)

    def load(self, total: Callable[[], int]) -> int:
        """Take up the full tiles; the entries behind them are then handed to :meth:`build`.

        Args:
            total: how many entries the log has; asked last, since somebody may be writing.

        Returns:
            The number of the last entry that a full tile covers.

        Raises:
            TreeError: there were more entries once.
        """
        if not self.exists():
            return 0
        full = sa.select(_tiles.c.level, sa.func.count().label("tiles")).group_by(_tiles.c.level)
        newest = sa.select(_checkpoints).order_by(_checkpoints.c.size.desc()).limit(1)
        with self._engine.connect() as connection:
            counts = {row.level: row.tiles for row in connection.execute(full)}
            last = connection.execute(newest).first()
            rows = [b""]
            for level in sorted(counts):
                roots = (
                    sa.select(_tiles.c.root)
                    .where(_tiles.c.level == level)
                    .where(_tiles.c.number >= counts.get(level + 1, 0) * WIDTH)
                    .where(_tiles.c.number < counts[level])
                    .order_by(_tiles.c.number)
                )
                rows.append(b"".join(connection.execute(roots).scalars()))
        self._tree = Tree(counts.get(0, 0) * WIDTH, tuple(rows))
        if last is not None:
            self._last_size, self._last_us = last.size, last.known_us
        known, there = max(self._tree.size, self._last_size), total()
        if known > there:
            raise TreeError(
                f"the log has {there} entries and its Merkle tree {known}: entries were taken "
                "away; restore the folder from a backup"
            )
        return self._tree.size

    def build(self, places: Iterable[Sequence[bytes]], total: int, *, save: bool) -> None:
        """Add entries that are in the log already.

        Args:
            places: pages of what :func:`alliage.log.signing.place` gives, in order.
            total: how many entries the log has.
            save: whether to write the tiles that are filled.
        """
        for page in places:
            growth = Growth(*self._tree.grow(leaf_hash(placed) for placed in page))
            if save and growth.tiles:
                with writing(self._engine) as connection:
                    growth.write(connection)
            elif growth.tiles:
                self._unsaved |= {(t.level, t.number): t.hashes for t in growth.tiles}
            self.accept(growth)
            if total - self.size >= _BUILD_ENTRIES:
                _logger.info("log.tree_built", entries=self.size, total=total)

    def grow(self, places: Sequence[bytes], known_us: int, *, now: bool = False) -> Growth:
        """What these entries would do to the tree, with a checkpoint where one is due.

        Args:
            places: of the entries, in order.
            known_us: of the last of them.
            now: make a checkpoint if the last one does not cover everything.
        """
        tree, tiles = self._tree.grow(leaf_hash(placed) for placed in places)
        note = None
        is_due = (
            tree.size - self._last_size >= CHECKPOINT_ENTRIES
            or known_us - self._last_us >= CHECKPOINT_US
        )
        if (now or is_due) and tree.size > self._last_size:
            note = Checkpoint(self.origin, tree.size, tree.root()).sign(self._key)
        return Growth(tree, tiles, known_us, note)

    def accept(self, growth: Growth) -> None:
        """This growth is committed."""
        self._tree = growth.tree
        if growth.note is not None:
            self._last_size, self._last_us = growth.tree.size, growth.known_us

    def commit(self, growth: Growth) -> None:
        """Write and accept a growth that has no entries.

        Raises:
            OSError: the disk refused.
        """
        with writing(self._engine) as connection:
            growth.write(connection)
        self.accept(growth)

    def checkpoints(self) -> list[SignedCheckpoint]:
        """Every checkpoint, the smallest first."""
        if not self.exists():
            return []
        with self._engine.connect() as connection:
            notes = connection.execute(sa.select(_checkpoints.c.note).order_by(_checkpoints.c.size))
            return [SignedCheckpoint.parse(note) for note in notes.scalars()]

    def inclusion(self, number: int, size: int) -> list[bytes]:
        """Proof that entry ``number`` is among the first ``size``."""
        return inclusion_proof(number - 1, size, self._subtree)

    def consistency(self, old: int, new: int) -> list[bytes]:
        """Proof that the first ``new`` entries begin with the first ``old``."""
        return consistency_proof(old, new, self._subtree)

    def saved_tile(self, level: int, number: int) -> Tile | None:
        """A full tile as it lies on the disk."""
        wanted = sa.select(_tiles).where(_tiles.c.level == level, _tiles.c.number == number)
        with self._engine.connect() as connection:
            row = connection.execute(wanted).first()
        return None if row is None else Tile(*row)

    def _subtree(self, level: int, index: int) -> bytes:
        return self._tree.subtree(level, index, self._tile)

    def _tile(self, level: int, number: int) -> bytes:
        if (level, number) in self._unsaved:
            return self._unsaved[level, number]
        tile = self.saved_tile(level, number)
        if tile is None:
            raise TreeError(f"tile {number} of level {level} is missing; see `alliage verify`")
        return tile.hashes
