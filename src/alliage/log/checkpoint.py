"""Checkpoints: the size and root of a log's tree, signed, as lines of text.

The format is C2SP's tlog-checkpoint in a signed-note: origin, size and root (base64), an empty
line, and a line for each signature: em dash, name of the key, base64 of a key hash of four bytes
and the signature. Names of keys are the origin. Ed25519 is signature type 1; P-384, for which
there is no type, is 0xff with a name of its own.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Final

from alliage.log.algorithms import ED25519, PublicKey, SigningKey
from alliage.log.merkle import HASH_BYTES

MAX_CHARACTERS: Final = 16_384
_KEY_HASH_BYTES: Final = 4
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,17}")


class CheckpointError(ValueError):
    """Text that is no checkpoint; says why."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree's head: whose log, how many entries, the root over them."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def sign(self, key: SigningKey) -> str:
        """The signed note."""
        signature = _key_hash(self.origin, key.public) + key.sign(self.text().encode())
        return f"{self.text()}\n— {self.origin} {base64.b64encode(signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint as it was read, with its signatures: key hash and signature in one."""

    checkpoint: Checkpoint
    note: str
    signatures: tuple[bytes, ...]

    @classmethod
    def parse(cls, note: str) -> SignedCheckpoint:
        """Read a signed note. It proves nothing before :meth:`is_signed_by` says so.

        Raises:
            CheckpointError: it is none.
        """
        if len(note) > MAX_CHARACTERS:
            raise CheckpointError(f"longer than {MAX_CHARACTERS} characters")
        text, empty, lines = note.rpartition("\n\n")
        head = text.split("\n")
        if not empty or len(head) != 3:
            raise CheckpointError("not the three lines origin, size and root, and signatures")
        origin, size, root = head
        if not origin or not _SIZE.fullmatch(size):
            raise CheckpointError(f"no origin, or a size that is no number: {size!r}")
        root_hash = _decoded(root)
        if len(root_hash) != HASH_BYTES:
            raise CheckpointError(f"a root of {len(root_hash)} bytes, not {HASH_BYTES}")
        signatures = []
        for line in lines.splitlines():
            dash, _, rest = line.partition(" ")
            name, _, signature = rest.partition(" ")
            if dash != "—" or not signature:
                raise CheckpointError(f"not a line of a signature: {line!r}")
            if name == origin:
                signatures.append(_decoded(signature))
        return cls(Checkpoint(origin, int(size), root_hash), note, tuple(signatures))

    def is_signed_by(self, public: PublicKey) -> bool:
        """Whether this key signed it."""
        known = _key_hash(self.checkpoint.origin, public)
        message = self.checkpoint.text().encode()
        return any(
            signature[:_KEY_HASH_BYTES] == known
            and public.verifies(signature[_KEY_HASH_BYTES:], message)
            for signature in self.signatures
        )


def _key_hash(name: str, public: PublicKey) -> bytes:
    kind = b"\x01" if public.algorithm == ED25519 else b"\xffECDSA-P384-SHA384"
    return hashlib.sha256(name.encode() + b"\n" + kind + public.data).digest()[:_KEY_HASH_BYTES]


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise CheckpointError(f"not base64: {text!r}") from error
