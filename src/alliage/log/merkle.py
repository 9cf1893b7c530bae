"""Merkle trees as RFC 6962, section 2.1, hashes them: roots, proofs and how proofs are checked.

Nothing here knows of entries or of disks. Whoever makes a root or a proof hands in a function
that gives the hash of any complete subtree: ``subtree(level, index)`` is the root over the leaves
from ``index << level``, ``1 << level`` of them. The checks need nothing but the proof.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Final

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()

Subtree = Callable[[int, int], bytes]


def leaf_hash(data: bytes) -> bytes:
    """Hash of a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """Root over nodes that stand side by side; the last may cover less than the others."""
    if not hashes:
        return EMPTY_ROOT
    row = list(hashes)
    while len(row) > 1:
        odd = row[-1:] if len(row) % 2 else []
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)] + odd
    return row[0]


def root(size: int, subtree: Subtree) -> bytes:
    """Root over the first ``size`` leaves."""
    return _root(0, size, subtree) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """The audit path of a leaf (section 2.1.1), from the leaf's sibling upwards.

    Raises:
        ValueError: there is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} of {size}")
    path: list[bytes] = []
    first, count = 0, size
    while count > 1:
        left = _split(count)
        if index - first < left:
            path.append(_root(first + left, count - left, subtree))
            count = left
        else:
            path.append(_root(first, left, subtree))
            first, count = first + left, count - left
    return path[::-1]


def consistency_proof(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """That the first ``old`` of ``new`` leaves are what they were (section 2.1.2).

    Raises:
        ValueError: an old size that is none, or larger than the new one.
    """
    if not 0 < old <= new:
        raise ValueError(f"from {old} to {new} leaves")
    path: list[bytes] = []
    first, count, whole = 0, new, True
    while first + count != old:
        left = _split(count)
        if old - first <= left:
            path.append(_root(first + left, count - left, subtree))
            count = left
        else:
            path.append(_root(first, left, subtree))
            first, count, whole = first + left, count - left, False
    if not whole:
        path.append(_root(first, count, subtree))
    return path[::-1]


def includes(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root_hash: bytes) -> bool:
    """Whether the leaf is at this place under this root (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for hash_ in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(hash_, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, hash_)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root_hash


def extends(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the newer tree begins with the older one (RFC 9162, section 2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    path = list(proof)
    if old & (old - 1) == 0:  # a power of two: its root is a node of the new tree
        path.insert(0, old_root)
    if not path:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    older = newer = path[0]
    for hash_ in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            older, newer = node_hash(hash_, older), node_hash(hash_, newer)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            newer = node_hash(newer, hash_)
        place, last = place >> 1, last >> 1
    return last == 0 and older == old_root and newer == new_root


def _split(count: int) -> int:
    """The largest power of two below ``count``."""
    return 1 << (count - 1).bit_length() - 1


def _root(first: int, count: int, subtree: Subtree) -> bytes:
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return subtree(level, first >> level)
    left = _split(count)
    return node_hash(_root(first, left, subtree), _root(first + left, count - left, subtree))
