"""Signature algorithms: Ed25519 (RFC 8032), and ECDSA on P-384 with SHA-384 (FIPS 186-5)."""

from __future__ import annotations

import hashlib
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA384

ED25519: Final = "Ed25519"
P384: Final = "P-384"
ALGORITHMS: Final = (ED25519, P384)
"""As they stand in headers of entries."""

KEY_ID_DIGITS: Final = 16
_P384_BYTES: Final = 48


class AlgorithmError(ValueError):
    """An algorithm that the log does not know, or bytes that are no key of it."""


class PublicKey:
    """What verifies signatures.

    Its bytes are those of RFC 8032 (32 bytes), or the uncompressed point of SEC 1, section 2.3.3
    (97 bytes).
    """

    def __init__(self, algorithm: str, data: bytes) -> None:
        """Take a key's bytes.

        Raises:
            AlgorithmError: no such algorithm, or no key of it.
        """
        _check(algorithm)
        self.algorithm = algorithm
        self.data = data
        self._key: Ed25519PublicKey | ec.EllipticCurvePublicKey
        try:
            if algorithm == ED25519:
                self._key = Ed25519PublicKey.from_public_bytes(data)
            else:
                self._key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP384R1(), data)
        except ValueError as error:
            raise AlgorithmError(f"{len(data)} bytes that are no {algorithm} key") from error

    @property
    def key_id(self) -> str:
        """First 16 hexadecimal digits of the SHA-256 of the key's bytes."""
        return hashlib.sha256(self.data).hexdigest()[:KEY_ID_DIGITS]

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Whether this key made the signature of the message."""
        try:
            if isinstance(self._key, Ed25519PublicKey):
                self._key.verify(signature, message)
            elif len(signature) == 2 * _P384_BYTES:
                r, s = signature[:_P384_BYTES], signature[_P384_BYTES:]
                der = encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))
                self._key.verify(der, message, ec.ECDSA(SHA384()))
            else:
                return False
        except InvalidSignature:
            return False
        return True


class SigningKey:
    """A private key; its repr shows nothing of it."""

    def __init__(self, key: Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> None:
        """Use :meth:`generate` or :meth:`from_pem`."""
        self._key = key
        self.public = _public_of(key)

    def __repr__(self) -> str:
        return f"SigningKey({self.public.algorithm}, key_id={self.public.key_id!r})"

    @property
    def algorithm(self) -> str:
        """One of :data:`ALGORITHMS`."""
        return self.public.algorithm

    @classmethod
    def generate(cls, algorithm: str = ED25519) -> SigningKey:
        """A fresh key.

        Raises:
            AlgorithmError: no such algorithm.
        """
        _check(algorithm)
        if algorithm == ED25519:
            return cls(Ed25519PrivateKey.generate())
        return cls(ec.generate_private_key(ec.SECP384R1()))

    @classmethod
    def from_pem(cls, pem: bytes) -> SigningKey:
        """Read PKCS #8 without a passphrase.

        Raises:
            AlgorithmError: no private key, or none of these algorithms.
        """
        try:
            key = serialization.load_pem_private_key(pem, password=None)
        except (ValueError, TypeError) as error:
            raise AlgorithmError("not a private key in PEM") from error
        is_p384 = isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name == "secp384r1"
        if isinstance(key, Ed25519PrivateKey) or is_p384:
            return cls(key)  # type: ignore[arg-type]
        raise AlgorithmError(
            f"a {type(key).__name__}, the log signs with {' or '.join(ALGORITHMS)}"
        )

    def to_pem(self) -> bytes:
        """PKCS #8, without a passphrase."""
        return self._key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    def sign(self, message: bytes) -> bytes:
        """64 bytes (RFC 8032), or r and s of 48 bytes each (RFC 7518, section 3.4)."""
        if isinstance(self._key, Ed25519PrivateKey):
            return self._key.sign(message)
        r, s = decode_dss_signature(self._key.sign(message, ec.ECDSA(SHA384())))
        return r.to_bytes(_P384_BYTES, "big") + s.to_bytes(_P384_BYTES, "big")


def _check(algorithm: str) -> None:
    if algorithm not in ALGORITHMS:
        raise AlgorithmError(f"{algorithm!r} is none of {', '.join(ALGORITHMS)}")


def _public_of(key: Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> PublicKey:
    public = key.public_key()
    if isinstance(public, Ed25519PublicKey):
        return PublicKey(ED25519, public.public_bytes_raw())
    point = public.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return PublicKey(P384, point)
