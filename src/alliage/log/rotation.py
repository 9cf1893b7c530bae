"""Rotation of the signing key of a stopped node.

In this order, so that a crash at any moment leaves a log that can go on: the new key is written
beside the old one; an entry signed by the old key names it; it takes the old one's place; the old
one is overwritten. Where the last two steps are missing, the next rotation makes up for them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alliage.log.algorithms import PublicKey, SigningKey
from alliage.log.keys import SIGNING_FILE, NodeKeys, load_signing, write_secret
from alliage.log.segments import sync_folder
from alliage.log.store import KeyNotInForceError, Log
from alliage.ontology.times import Clock

NEW_FILE: Final = "signing.new.pem"


@dataclass(frozen=True, slots=True)
class Rotation:
    """What was done: from which key to which; ``entry_id`` is None where it was only finished."""

    old: PublicKey
    new: PublicKey
    entry_id: str | None


def rotate(log: Path, keys: Path, node: str, clock: Clock, algorithm: str) -> Rotation:
    """Make a new signing key, say so in the log, and destroy the old one.

    Args:
        log: the log's folder.
        keys: the folder of the node's secrets.
        node: this node's name.
        clock: what says when the entry became known.
        algorithm: of the new key.

    Raises:
        KeyFileError: a key file is missing or wrong.
        KeyNotInForceError: no key here is the one that the log goes on with.
        LogInUseError: the node is running.
    """
    old = NodeKeys.load(keys)
    new_path = keys / NEW_FILE
    waiting = load_signing(new_path) if new_path.exists() else None
    try:
        opened = Log.open(log, old, node, clock)
    except KeyNotInForceError:
        if waiting is None or not _is_in_force(log, node, clock, NodeKeys(waiting, old.stream_key)):
            raise
        _replace(keys)
        return Rotation(old.public, waiting.public, None)
    try:
        new_path.unlink(missing_ok=True)  # of an attempt that the log has not heard of
        new = SigningKey.generate(algorithm)
        write_secret(new_path, new.to_pem())
        sync_folder(keys)
        entry = opened.hand_over(new.public)
    finally:
        opened.close()
    _replace(keys)
    return Rotation(old.public, new.public, entry.entry_id)


def _is_in_force(log: Path, node: str, clock: Clock, keys: NodeKeys) -> bool:
    """Whether the log goes on with these keys; they are remembered in it then."""
    try:
        Log.open(log, keys, node, clock).close()
    except KeyNotInForceError:
        return False
    return True


def _replace(keys: Path) -> None:
    """Put the new key into the old one's place, then overwrite the old one.

    Overwriting is what a program can do; a disk may keep copies of its own (see the how-to).
    """
    path = keys / SIGNING_FILE
    with path.open("r+b") as old:
        (keys / NEW_FILE).replace(path)
        sync_folder(keys)
        old.write(bytes(os.fstat(old.fileno()).st_size))
        old.flush()
        os.fsync(old.fileno())
