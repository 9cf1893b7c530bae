"""Encrypted transports: whom they trust, and whom not."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import ssl
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from alliage.feeds.transports.base import State
from tests.feeds.links import HttpTalker, Listener, until


@dataclass
class Identity:
    """A server's certificate, self-signed for 127.0.0.1, and its key."""

    ca_file: str
    context: ssl.SSLContext


@pytest.fixture
def identity(tmp_path: Path) -> Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "made for a test")])
    now = datetime.datetime.now(datetime.UTC)
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(alternative, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (tmp_path / "ca.pem").write_bytes(certificate.public_bytes(pem))
    plain = serialization.NoEncryption()
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    (tmp_path / "key.pem").write_bytes(secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "ca.pem", tmp_path / "key.pem")
    return Identity(str(tmp_path / "ca.pem"), context)


async def tcp(identity: Identity, wanted: State, **config: object) -> Listener:
    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"in secret\n")
        await writer.drain()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=identity.context)
    port = server.sockets[0].getsockname()[1]
    listener = Listener(kind="tcp_client", host="127.0.0.1", port=port, tls=True, **config)
    async with listener.listening():
        await until(lambda: any(status.state is wanted for status in listener.states))
        if wanted is State.CONNECTED:
            await until(lambda: listener.data == b"in secret\n")
    server.close()
    return listener


async def http(identity: Identity, wanted: State, **config: object) -> Listener:
    with HttpTalker(b"in secret\n", endless=True) as talker:
        talker.socket = identity.context.wrap_socket(talker.socket, server_side=True)
        url = talker.url.replace("http://", "https://")
        listener = Listener(kind="http", url=url, **config)
        async with listener.listening():
            await until(lambda: any(status.state is wanted for status in listener.states))
            if wanted is State.CONNECTED:
                await until(lambda: listener.data == b"in secret\n")
    return listener


@pytest.mark.parametrize("read", [tcp, http])
def test_a_trusted_server_is_read(read: object, identity: Identity) -> None:
    listener = asyncio.run(read(identity, State.CONNECTED, ca_file=identity.ca_file))  # type: ignore[operator]
    assert listener.data == b"in secret\n"


@pytest.mark.parametrize("read", [tcp, http])
def test_a_server_that_nobody_vouches_for_is_not_read(read: object, identity: Identity) -> None:
    listener = asyncio.run(read(identity, State.WAITING))  # type: ignore[operator]
    assert listener.data == b""
    shown = next(status for status in listener.states if status.state is State.WAITING)
    assert "certificate" in str(shown.error).lower()


@pytest.mark.parametrize("read", [tcp, http])
def test_a_missing_file_of_authorities_is_named(read: object, identity: Identity) -> None:
    missing = identity.ca_file + ".gone"
    listener = asyncio.run(read(identity, State.FAILED, ca_file=missing))  # type: ignore[operator]
    assert "ca.pem.gone cannot be used" in str(listener.states[-1].error)
