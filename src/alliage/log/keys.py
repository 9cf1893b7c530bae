"""A node's secrets: the key that signs its entries, and the key that makes subject ids."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alliage.log.algorithms import ED25519, AlgorithmError, PublicKey, SigningKey

SIGNING_FILE: Final = "signing.pem"
STREAM_FILE: Final = "stream.key"
STREAM_KEY_BYTES: Final = 32


class KeyFileError(ValueError):
    """A key file that is missing, exists already or cannot be read; says which."""


@dataclass(frozen=True, slots=True)
class NodeKeys:
    """Held in memory only; the repr of this class shows no secret."""

    signing: SigningKey
    stream_key: bytes

    def __repr__(self) -> str:
        return f"NodeKeys(key_id={self.key_id!r})"

    @property
    def public(self) -> PublicKey:
        """What verifies this node's signatures."""
        return self.signing.public

    @property
    def key_id(self) -> str:
        """Name of the signing key, as entries bear it."""
        return self.public.key_id

    @classmethod
    def generate(cls, algorithm: str = ED25519) -> NodeKeys:
        """Fresh keys, not written anywhere."""
        return cls(SigningKey.generate(algorithm), secrets.token_bytes(STREAM_KEY_BYTES))

    @classmethod
    def create(cls, folder: Path, algorithm: str = ED25519) -> NodeKeys:
        """Make new keys and write them, readable by the owner only.

        Raises:
            KeyFileError: there are keys already; they are never overwritten.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        keys = cls.generate(algorithm)
        write_secret(folder / SIGNING_FILE, keys.signing.to_pem())
        write_secret(folder / STREAM_FILE, keys.stream_key.hex().encode() + b"\n")
        return keys

    @classmethod
    def load(cls, folder: Path) -> NodeKeys:
        """Read the keys that :meth:`create` wrote.

        Raises:
            KeyFileError: names the file that is missing or wrong.
        """
        signing = load_signing(folder / SIGNING_FILE)
        path = folder / STREAM_FILE
        text = _read_secret(path)
        try:
            stream_key = bytes.fromhex(text.decode("ascii").strip())
        except ValueError as error:
            raise KeyFileError(f"{path}: not hexadecimal; restore it from a backup") from error
        if len(stream_key) != STREAM_KEY_BYTES:
            raise KeyFileError(f"{path}: {len(stream_key)} bytes, not {STREAM_KEY_BYTES}")
        return cls(signing, stream_key)


def load_signing(path: Path) -> SigningKey:
    """Read a signing key.

    Raises:
        KeyFileError: the file is missing or holds something else.
    """
    try:
        return SigningKey.from_pem(_read_secret(path))
    except AlgorithmError as error:
        raise KeyFileError(f"{path}: {error}; restore it from a backup") from error


def _read_secret(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise KeyFileError(f"{path}: no such file; `alliage init` makes a node's keys") from error


def write_secret(path: Path, data: bytes) -> None:
    """Write a new file that only its owner can read, to the disk.

    Raises:
        KeyFileError: it exists already.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise KeyFileError(f"{path}: exists already, and keys are never overwritten") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
