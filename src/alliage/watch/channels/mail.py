"""E-mail: a plain text over SMTP submission (RFC 6409), encrypted before anything is said."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate
from typing import Final

import structlog

from alliage.ontology.times import Clock
from alliage.watch.channels.contract import TIMEOUT_S, Answer, ChannelError, Message, RefusedError
from alliage.watch.channels.settings import EmailSettings
from alliage.watch.channels.submission import EncryptedSubmission, Submission
from alliage.watch.channels.trust import trust

WITHIN_S: Final = 30.0
"""How long one message may take: a server may answer many times, and each time slowly."""

_log = structlog.get_logger(__name__)


class Mail:
    """Sends messages through one server, in a thread: the standard library waits."""

    kind = "email"

    def __init__(
        self, settings: EmailSettings, language: str, clock: Clock, within_s: float = WITHIN_S
    ) -> None:
        """With the server, the language that people there read, and how long a message may take."""
        self._settings = settings
        self._language = language
        self._clock = clock
        self._within_s = within_s

    async def send(self, message: Message) -> Answer:
        """Send a message."""
        is_encrypted = self._settings.tls == "tls"
        server = (EncryptedSubmission if is_encrypted else Submission)(timeout=TIMEOUT_S)
        try:
            async with asyncio.timeout(self._within_s):
                return await asyncio.to_thread(self._send, self._written(message), server)
        except TimeoutError:
            raise ChannelError("the mail server did not answer in time") from None
        finally:
            server.cut()  # so that the thread ends, whatever it waits for

    def _written(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["Subject"] = message.subject(self._language)
        mail["From"] = self._settings.sender
        mail["To"] = ", ".join(self._settings.to)
        mail["Date"] = formatdate(self._clock.now_us() / 1e6)
        mail["Message-ID"] = f"<{message.message_id}@{message.origin}.alliage>"
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
        if message.is_priority:
            mail["Importance"] = "high"
        mail.set_content(message.text(self._language))
        return mail

    def _send(self, mail: EmailMessage, server: Submission) -> Answer:
        try:
            self._connect(server)
            with server:
                if self._settings.user is not None and self._settings.password is not None:
                    server.login(self._settings.user, self._settings.password.read())
                refused = server.send_message(mail)
        except smtplib.SMTPRecipientsRefused:
            raise ChannelError("the mail server takes none of the addresses") from None
        except smtplib.SMTPDataError as error:
            is_final = 500 <= error.smtp_code < 600
            kind = RefusedError if is_final else ChannelError
            raise kind(f"the mail server refused the message: {error.smtp_code}") from None
        except smtplib.SMTPResponseException as error:
            raise ChannelError(f"the mail server answered {error.smtp_code}") from None
        except (smtplib.SMTPException, OSError) as error:
            raise ChannelError(f"the mail server cannot be used ({_why(error)})") from None
        if refused:
            _log.warning("notifications: the mail server refused addresses", count=len(refused))
        return _answer(refused, len(self._settings.to))

    def _connect(self, server: Submission) -> None:
        settings = self._settings
        context = None if settings.tls == "none" else trust(settings.ca_file)
        if isinstance(server, EncryptedSubmission) and context is not None:
            server.context = context
        server._host = settings.host  # type: ignore[attr-defined]  # whose certificate it has to be
        try:
            code, _ = server.connect(settings.host, settings.port)
            if code != 220:
                raise ChannelError(f"the mail server answered {code}")
            if settings.tls == "starttls":
                server.starttls(context=context)
        except Exception:  # a server that cannot is told nothing
            server.close()
            raise


def _answer(refused: dict[str, tuple[int, bytes]], count: int) -> Answer:
    if not refused:
        return Answer(f"the mail server took the message for all addresses ({count})")
    said = ", ".join(f"{address} ({code})" for address, (code, _) in refused.items())
    taken = count - len(refused)
    return Answer(f"the mail server took the message for {taken} of {count}, not for {said}", False)


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return "its certificate is not trusted"
    if isinstance(error, TimeoutError):
        return "it does not answer"
    if isinstance(error, smtplib.SMTPException):  # the library's own words
        return str(error).rstrip(".") or type(error).__name__
    return getattr(error, "strerror", None) or type(error).__name__
