"""A growing Merkle tree in tiles: 256 hashes side by side, after C2SP's tlog-tiles.

A tile of level L holds the roots of 256 complete subtrees of ``256 ** L`` leaves each. A tile that
is full never changes again, and is all that has to be kept: what is not full yet is at most 255
hashes a level, made again from the entries behind the last full tile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from alliage.log.merkle import HASH_BYTES, fold

WIDTH: Final = 256
HEIGHT: Final = 8
TILE_BYTES: Final = WIDTH * HASH_BYTES


class Tile(NamedTuple):
    """A full tile: ``hashes`` are its 256 hashes, one after the other; ``root`` is over them."""

    level: int
    number: int
    hashes: bytes
    root: bytes


ReadTile = Callable[[int, int], bytes]
"""(level, number) to the hashes of a full tile."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree of ``size`` leaves: for each level the hashes of the tile that is not full yet."""

    size: int = 0
    open: tuple[bytes, ...] = ()

    def grow(self, leaves: Iterable[bytes]) -> tuple[Tree, list[Tile]]:
        """The tree with these leaf hashes behind its own, and the tiles that they filled."""
        added = b"".join(leaves)
        size = self.size + len(added) // HASH_BYTES
        rows = list(self.open)
        filled: list[Tile] = []
        level = 0
        while added:
            if level == len(rows):
                rows.append(b"")
            row = rows[level] + added
            number = self.size // WIDTH ** (level + 1)
            whole = len(row) - len(row) % TILE_BYTES
            tiles = [
                Tile(level, number + nth, hashes, fold(split(hashes)))
                for nth, at in enumerate(range(0, whole, TILE_BYTES))
                for hashes in [row[at : at + TILE_BYTES]]
            ]
            rows[level] = row[whole:]
            filled += tiles
            added = b"".join(tile.root for tile in tiles)
            level += 1
        return Tree(size, tuple(rows)), filled

    def root(self) -> bytes:
        """Root over all leaves."""
        carried: list[bytes] = []
        for row in self.open:
            hashes = split(row) + carried
            carried = [fold(hashes)] if hashes else []
        return fold(carried)

    def subtree(self, level: int, index: int, read_tile: ReadTile) -> bytes:
        """Root of one complete subtree, as :mod:`alliage.log.merkle` asks for it."""
        tile_level, inside = divmod(level, HEIGHT)
        number, place = divmod(index << inside, WIDTH)
        if number < self.size // WIDTH ** (tile_level + 1):
            hashes = read_tile(tile_level, number)
        else:
            hashes = self.open[tile_level]
        return fold(split(hashes)[place : place + (1 << inside)])


def split(hashes: bytes) -> list[bytes]:
    """Hashes that stand one after the other, apart."""
    return [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]
