"""A mail server and a broker for the tests of channels."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from aiosmtpd.smtp import AuthResult

from tests.watch.messages import certificate


class Letters(Message):
    """Keeps what comes; refuses to write to some."""

    def __init__(self, refused: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self.got: list[Any] = []
        self._refused = refused

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: object, _session: object, envelope: Any, address: str, _options: object
    ) -> str:
        if address in self._refused:
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def handle_message(self, message: Any) -> None:
        self.got.append(message)


@dataclass(frozen=True)
class Post:
    """Where a mail server listens, what it got, and the authority to trust."""

    port: int
    letters: Letters
    trusted: Path


@contextmanager
def mail_server(folder: Path, *refused: str) -> Iterator[Post]:
    """A mail server that wants TLS and a password: node's is `open sesame`."""
    trusted, key = certificate(folder)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(trusted, key)

    def known(
        _server: object, _session: object, _envelope: object, _mechanism: str, data: Any
    ) -> AuthResult:
        right = (data.login, data.password) == (b"node", b"open sesame")
        return AuthResult(success=right, handled=False)

    letters = Letters(frozenset(refused))
    controller = Controller(
        letters, hostname="127.0.0.1", port=free_port(), tls_context=context,
        require_starttls=True, authenticator=known, auth_required=True,
    )  # fmt: skip
    controller.start()
    try:
        yield Post(controller.port, letters, trusted)
    finally:
        controller.stop()


@contextmanager
def mail_server_that_greets(lines: bytes) -> Iterator[int]:
    """One that says these lines for ever, or nothing, for ever; gives its port."""

    def greet(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            try:
                while lines:
                    connection.sendall(lines)
                while connection.recv(4_096):
                    continue  # until the other side has had enough
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        greeting = threading.Thread(target=greet, args=[listener])
        greeting.start()
        yield int(listener.getsockname()[1])
        greeting.join()


@dataclass
class _Said:
    """Reads what a program says, so that it can go on, and knows when it runs."""

    stream: IO[str]
    has_spoken: threading.Event = field(default_factory=threading.Event)
    lines: list[str] = field(default_factory=list)

    def read(self) -> None:
        for line in self.stream:
            self.lines.append(line)
            if line.rstrip().endswith("running"):
                self.has_spoken.set()
        self.has_spoken.set()


@contextmanager
def mqtt_broker(folder: Path) -> Iterator[int]:
    """A broker of Debian's package mosquitto; gives its port."""
    program = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if program is None:
        pytest.skip("mosquitto is not installed: apt-get install mosquitto")
    port = free_port()
    configured = folder / "mosquitto.conf"
    configured.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\nlog_dest stderr\nlog_type information\n"
    )
    command = [program, "-c", str(configured)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        said = _Said(running.stderr)
        reading = threading.Thread(target=said.read)
        reading.start()
        try:
            assert said.has_spoken.wait(60), "the broker does not start"
            assert running.poll() is None, said.lines
            yield port
        finally:
            running.terminate()
            reading.join()


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
