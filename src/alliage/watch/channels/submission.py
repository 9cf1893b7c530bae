"""The standard library's SMTP, bounded: what it reads, and how long, whatever a server does."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import threading
from typing import IO, Any, Final

ANSWERS_AT_MOST: Final = 1_000_000
"""Bytes that a server may say in one conversation; what is usual is a few thousand."""


class Submission(smtplib.SMTP):
    """One whose connection another thread can end at any moment, before it is there, too."""

    def __init__(self, **options: Any) -> None:
        """As the standard library's."""
        self._prepare()
        super().__init__(**options)

    def _prepare(self) -> None:
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self._is_cut = False
        self._reader: _Bounded | None = None

    @property
    def file(self) -> _Bounded | None:  # where it reads answers from
        """The answers, which the standard library would read without end."""
        return self._reader

    @file.setter
    def file(self, opened: IO[bytes] | None) -> None:
        self._reader = None if opened is None else _Bounded(opened)

    def cut(self) -> None:
        """End the connection now, and whatever is begun later; what is closed stays so."""
        with self._lock:
            self._is_cut = True
            if self._line is not None:
                with contextlib.suppress(OSError):
                    self._line.shutdown(socket.SHUT_RDWR)  # past TLS: nothing is said openly

    def close(self) -> None:
        """Close the connection."""
        super().close()
        with self._lock:
            if self._line is not None:
                self._line.close()
            self._line = None

    def _get_socket(self, *asked: Any) -> socket.socket:
        connected: socket.socket = super()._get_socket(*asked)  # type: ignore[misc]
        with self._lock:
            if self._is_cut:
                connected.close()
                raise ConnectionAbortedError("it took too long")
            self._line = connected.dup()  # the other is given to TLS, and is no socket then
        return connected


class EncryptedSubmission(smtplib.SMTP_SSL, Submission):
    """The same over TLS from the first byte on (RFC 8314)."""

    def __init__(self, **options: Any) -> None:
        """As the standard library's, which goes past the other class here."""
        self._prepare()
        super().__init__(**options)


class _Bounded:
    """Lines of a file, as long as they are not too many."""

    def __init__(self, opened: IO[bytes]) -> None:
        self._opened = opened
        self._left = ANSWERS_AT_MOST

    def readline(self, at_most: int) -> bytes:
        """The next line.

        Raises:
            ConnectionAbortedError: there were too many.
        """
        line = self._opened.readline(at_most)
        self._left -= len(line)
        if self._left < 0:
            raise ConnectionAbortedError("it answers without end")
        return line

    def close(self) -> None:
        """Close the file."""
        self._opened.close()
