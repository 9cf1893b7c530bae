"""A node's secrets: the key that signs its entries, and the key that makes subject ids."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ALGORITHM: Final = "Ed25519"
SIGNING_FILE: Final = "signing.pem"
STREAM_FILE: Final = "stream.key"
STREAM_KEY_BYTES: Final = 32


class KeyFileError(ValueError):
    """A key file that is missing, exists already or cannot be read; says which."""


@dataclass(frozen=True, slots=True)
class NodeKeys:
    """Held in memory only; the repr of this class shows no secret."""

    signing: Ed25519PrivateKey
    stream_key: bytes

    def __repr__(self) -> str:
        return f"NodeKeys(key_id={self.key_id!r})"

    @property
    def public(self) -> Ed25519PublicKey:
        """What verifies this node's signatures."""
        return self.signing.public_key()

    @property
    def key_id(self) -> str:
        """First 16 hexadecimal digits of the SHA-256 of the raw public key."""
        return key_id_of(self.public)

    @classmethod
    def generate(cls) -> NodeKeys:
        """Fresh keys, not written anywhere."""
        return cls(Ed25519PrivateKey.generate(), secrets.token_bytes(STREAM_KEY_BYTES))

    @classmethod
    def create(cls, folder: Path) -> NodeKeys:
        """Make new keys and write them, readable by the owner only.

        Raises:
            KeyFileError: there are keys already; they are never overwritten.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        keys = cls.generate()
        pem = keys.signing.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        _write_secret(folder / SIGNING_FILE, pem)
        _write_secret(folder / STREAM_FILE, keys.stream_key.hex().encode() + b"\n")
        return keys

    @classmethod
    def load(cls, folder: Path) -> NodeKeys:
        """Read the keys that :meth:`create` wrote.

        Raises:
            KeyFileError: names the file that is missing or wrong.
        """
        signing = _load_signing(folder / SIGNING_FILE)
        path = folder / STREAM_FILE
        text = _read_secret(path)
        try:
            stream_key = bytes.fromhex(text.decode("ascii").strip())
        except ValueError as error:
            raise KeyFileError(f"{path}: not hexadecimal; restore it from a backup") from error
        if len(stream_key) != STREAM_KEY_BYTES:
            raise KeyFileError(f"{path}: {len(stream_key)} bytes, not {STREAM_KEY_BYTES}")
        return cls(signing, stream_key)


def key_id_of(public: Ed25519PublicKey) -> str:
    """First 16 hexadecimal digits of the SHA-256 of the raw public key."""
    return hashlib.sha256(public.public_bytes_raw()).hexdigest()[:16]


def _load_signing(path: Path) -> Ed25519PrivateKey:
    pem = _read_secret(path)
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise KeyFileError(f"{path}: not a private key in PEM; restore it from a backup") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError(f"{path}: a {type(key).__name__}, the log signs with {ALGORITHM}")
    return key


def _read_secret(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise KeyFileError(f"{path}: no such file; `alliage init` makes a node's keys") from error


def _write_secret(path: Path, data: bytes) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise KeyFileError(f"{path}: exists already, and keys are never overwritten") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
