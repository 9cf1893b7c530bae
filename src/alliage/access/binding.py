"""Binding labels to a file after STANAG 4778: what is bound, and the key that signs it.

A binding is a file beside the data (``tracks.csv.bdo``). It says which labels the data carry and
what the data are, by name and SHA-384, and is signed with ECDSA on P-384. Its XML form is
:mod:`alliage.access.binding_xml`, its JSON form :mod:`alliage.access.binding_json`.
"""

from __future__ import annotations

import hashlib
import os
import threading
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from alliage.ontology.label import Label
from alliage.ontology.label_xml import Originator
from alliage.ontology.times import from_us

KEY_FILE: Final = "binding.pem"
CERTIFICATE_FILE: Final = "binding-certificate.pem"
CERTIFICATE_FOR: Final = timedelta(days=10 * 365)
MAX_BINDING_BYTES: Final = 2**20
CONTENT_TYPES: Final = {
    "csv": "text/csv",
    "jsonl": "application/x-ndjson",
    "geojson": "application/geo+json",
    "parquet": "application/vnd.apache.parquet",
    "arrow": "application/vnd.apache.arrow.file",
    "xml": "application/xml",
    "json": "application/json",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
"""By a file's suffix; anything else is ``application/octet-stream``."""

_MAKING: Final = threading.Lock()


class BindingError(ValueError):
    """A binding that cannot be made, or that does not hold; says why."""


@dataclass(frozen=True, slots=True)
class Data:
    """The file that is bound: its name without folders, its type and the hash of its bytes."""

    name: str
    content_type: str
    sha384: bytes


@dataclass(frozen=True, slots=True)
class Binding:
    """Labels, what they are bound to, when and by whom."""

    labels: tuple[Label, ...]
    data: Data
    created_us: int
    originator: Originator | None = None

    def __post_init__(self) -> None:
        if not self.labels:
            raise BindingError("there is no label to bind")
        if any(label.is_unlabelled for label in self.labels):
            raise BindingError("unlabelled data cannot be bound: somebody has to label them first")


@dataclass(frozen=True, slots=True)
class BindingKey:
    """A P-384 key with its certificate; the repr shows no secret."""

    private: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def __repr__(self) -> str:
        return f"BindingKey({fingerprint(self.certificate)!r})"

    @classmethod
    def generate(cls, name: str, now_us: int) -> BindingKey:
        """A fresh key with a certificate of its own, for ten years; ``name`` is the node's."""
        private = ec.generate_private_key(ec.SECP384R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
        start = from_us(now_us) - timedelta(hours=1)  # clocks of readers are not ours
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(private.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(start + CERTIFICATE_FOR)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .sign(private, hashes.SHA384())
        )
        return cls(private, certificate)

    @classmethod
    def open(cls, folder: Path, name: str, now_us: int) -> BindingKey:
        """The key of a node's folder of keys; made, readable by its owner only, where missing.

        Raises:
            BindingError: names the file that cannot be read.
        """
        key_path, certificate_path = folder / KEY_FILE, folder / CERTIFICATE_FILE
        with _MAKING:
            if not key_path.exists():
                _write(cls.generate(name, now_us), key_path, certificate_path)
        try:
            private = serialization.load_pem_private_key(key_path.read_bytes(), password=None)
        except (OSError, ValueError, TypeError) as error:
            raise BindingError(f"{key_path}: no key in PEM; restore it from a backup") from error
        if not isinstance(private, ec.EllipticCurvePrivateKey):
            raise BindingError(f"{key_path}: a {type(private).__name__}, bindings take P-384")
        return cls(private, read_certificate(certificate_path))


def read_certificate(path: Path) -> x509.Certificate:
    """Read a certificate in PEM.

    Raises:
        BindingError: names the file that is none, or whose key is not on P-384.
    """
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as error:
        raise BindingError(f"{path}: no certificate in PEM") from error
    public = certificate.public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey) or public.curve.name != "secp384r1":
        raise BindingError(f"{path}: its key is not on P-384")
    return certificate


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of a certificate, as people compare it."""
    return certificate.fingerprint(hashes.SHA256()).hex(":")


def data_of(path: Path) -> Data:
    """What a file is.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha384").digest()
    kind = CONTENT_TYPES.get(path.suffix.removeprefix(".").lower(), "application/octet-stream")
    return Data(path.name, kind, digest)


def refuse_other_data(bound: Data, found: Data) -> None:
    """Hold a file against what a binding says of it.

    Raises:
        BindingError: it has another name, or other bytes.
    """
    if bound.name != found.name:
        raise BindingError(f"the binding is of {bound.name!r}, not of {found.name!r}")
    if bound.sha384 != found.sha384:
        raise BindingError(f"{found.name!r} was changed after it was bound")


def _write(key: BindingKey, key_path: Path, certificate_path: Path) -> None:
    pem = key.private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.certificate.public_bytes(serialization.Encoding.PEM)
    key_path.parent.mkdir(mode=0o700, exist_ok=True)
    # The certificate first: a key is only there with it.
    for path, data in ((certificate_path, public), (key_path, pem)):
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
