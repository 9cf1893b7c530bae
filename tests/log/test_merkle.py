"""The tree hashes as RFC 6962 says, and its proofs prove that and nothing else.

The vectors are those of the reference implementations of Certificate Transparency
(transparency-dev/merkle, testonly): eight leaves, roots of the trees over the first of them.
"""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliage.log import merkle
from alliage.log.tiles import Tile, Tree

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    bytes.fromhex(text)
    for text in (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
INCLUSION = {
    (0, 1): [],
    (0, 2): ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
    (6, 7): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}

SIZES = st.one_of(st.integers(1, 40), st.sampled_from([255, 256, 257, 511, 512, 700]))


class Grown:
    """A tree with its full tiles, grown in groups as commits do."""

    def __init__(self, leaves: list[bytes], group: int = 1) -> None:
        self.tree = Tree()
        self.tiles: dict[tuple[int, int], bytes] = {}
        for at in range(0, len(leaves), group):
            self.tree, filled = self.tree.grow(map(merkle.leaf_hash, leaves[at : at + group]))
            self.tiles |= {(tile.level, tile.number): tile.hashes for tile in filled}

    def subtree(self, level: int, index: int) -> bytes:
        return self.tree.subtree(level, index, lambda *where: self.tiles[where])


def reference_root(leaves: list[bytes]) -> bytes:
    """Section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + reference_root(leaves[:k]) + reference_root(leaves[k:])).digest()


def numbered(count: int) -> list[bytes]:
    return [number.to_bytes(4, "big") for number in range(count)]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    grown = Grown(LEAVES[:size])
    assert grown.tree.root() == ROOTS[size]
    assert merkle.root(size, grown.subtree) == ROOTS[size]


@pytest.mark.parametrize(("place", "path"), INCLUSION.items())
def test_inclusion_proofs_are_those_of_certificate_transparency(
    place: tuple[int, int], path: list[str]
) -> None:
    index, size = place
    proof = merkle.inclusion_proof(index, size, Grown(LEAVES).subtree)
    assert [hash_.hex() for hash_ in proof] == path
    assert merkle.includes(merkle.leaf_hash(LEAVES[index]), index, size, proof, ROOTS[size])


@pytest.mark.parametrize(("sizes", "path"), CONSISTENCY.items())
def test_consistency_proofs_are_those_of_certificate_transparency(
    sizes: tuple[int, int], path: list[str]
) -> None:
    old, new = sizes
    proof = merkle.consistency_proof(old, new, Grown(LEAVES).subtree)
    assert [hash_.hex() for hash_ in proof] == path
    assert merkle.extends(old, ROOTS[old], new, ROOTS[new], proof)


@given(size=st.integers(0, 1100), group=st.integers(1, 600))
def test_however_a_tree_grows_its_root_is_the_definition_s(size: int, group: int) -> None:
    leaves = numbered(size)
    grown = Grown(leaves, group)
    assert grown.tree.root() == reference_root(leaves)
    assert len(grown.tiles) == size // 256
    assert merkle.root(size, grown.subtree) == reference_root(leaves)


def test_three_levels_of_tiles_hold_together() -> None:
    leaves = [merkle.leaf_hash(leaf) for leaf in numbered(256 * 256 + 300)]
    tree, tiles = Tree().grow(leaves)
    kept = {(tile.level, tile.number): tile.hashes for tile in tiles}
    assert [tile[:2] for tile in tiles if tile.level] == [(1, 0)]
    assert tree.root() == merkle.fold(leaves)
    size, at = tree.size, 65_537
    proof = merkle.inclusion_proof(at, size, lambda *of: tree.subtree(*of, lambda *t: kept[t]))
    assert merkle.includes(leaves[at], at, size, proof, tree.root())


@given(new=SIZES, data=st.data())
def test_every_leaf_is_proved_at_every_size(new: int, data: st.DataObject) -> None:
    grown = Grown(numbered(700), 64)
    index = data.draw(st.integers(0, new - 1))
    root = merkle.root(new, grown.subtree)
    proof = merkle.inclusion_proof(index, new, grown.subtree)
    leaf = merkle.leaf_hash(numbered(700)[index])
    assert merkle.includes(leaf, index, new, proof, root)
    assert not merkle.includes(merkle.leaf_hash(b"another"), index, new, proof, root)
    for other in {index - 1, index + 1, index ^ 2} - {index}:
        assert not merkle.includes(leaf, other, new, proof, root)
    for size in (new * 2, new // 2):
        assert not merkle.includes(leaf, index, size, proof, root)
    for spoiled in spoiled_paths(proof, data):
        assert not merkle.includes(leaf, index, new, spoiled, root)


@given(sizes=st.tuples(SIZES, SIZES), data=st.data())
def test_every_two_sizes_are_consistent(sizes: tuple[int, int], data: st.DataObject) -> None:
    old, new = sorted(sizes)
    grown = Grown(numbered(700), 64)
    roots = [merkle.root(size, grown.subtree) for size in (old, new)]
    proof = merkle.consistency_proof(old, new, grown.subtree)
    assert merkle.extends(old, roots[0], new, roots[1], proof)
    assert not merkle.extends(old, merkle.leaf_hash(b""), new, roots[1], proof)
    assert not merkle.extends(old, roots[0], new, merkle.leaf_hash(b""), proof)
    if old < new:
        assert not merkle.extends(old, roots[1], new, roots[0], proof)
        assert not merkle.extends(new, roots[1], old, roots[0], proof)
        for other in (old - 1, old + 1):
            assert not merkle.extends(other, roots[0], new, roots[1], proof)
    for spoiled in spoiled_paths(proof, data):
        assert not merkle.extends(old, roots[0], new, roots[1], spoiled)


def spoiled_paths(proof: list[bytes], data: st.DataObject) -> list[list[bytes]]:
    """The path with one hash changed, missing, or one too many at either end."""
    spoiled = [[*proof, bytes(32)], [bytes(32), *proof]]
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        changed = bytes([proof[at][0] ^ 8]) + proof[at][1:]
        spoiled += [[*proof[:at], changed, *proof[at + 1 :]], proof[:at] + proof[at + 1 :]]
    return spoiled


def test_a_full_tile_says_the_root_over_it() -> None:
    _, tiles = Tree().grow(map(merkle.leaf_hash, numbered(256)))
    (tile,) = tiles
    assert isinstance(tile, Tile)
    assert tile.root == reference_root(numbered(256))


def test_what_is_no_place_has_no_proof() -> None:
    grown = Grown(LEAVES)
    for index, size in ((0, 0), (3, 3), (-1, 3)):
        with pytest.raises(ValueError, match="leaf"):
            merkle.inclusion_proof(index, size, grown.subtree)
    for old, new in ((0, 3), (4, 3)):
        with pytest.raises(ValueError, match="leaves"):
            merkle.consistency_proof(old, new, grown.subtree)
