"""E-mail: a plain text over SMTP submission (RFC 6409), encrypted before anything is said."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate

import structlog

from alliage.ontology.times import Clock
from alliage.watch.channels.contract import TIMEOUT_S, ChannelError, RefusedError
from alliage.watch.channels.settings import EmailSettings
from alliage.watch.channels.trust import trust
from alliage.watch.notification import Notification

_log = structlog.get_logger(__name__)


class Mail:
    """Sends messages through one server, in a thread: the standard library waits."""

    kind = "email"

    def __init__(self, settings: EmailSettings, language: str, clock: Clock) -> None:
        """With the server, and the language that people there read."""
        self._settings = settings
        self._language = language
        self._clock = clock

    async def send(self, message: Notification) -> None:
        """Send a message."""
        await asyncio.to_thread(self._send, self._written(message))

    def _written(self, message: Notification) -> EmailMessage:
        mail = EmailMessage()
        mail["Subject"] = message.subject(self._language)
        mail["From"] = self._settings.sender
        mail["To"] = ", ".join(self._settings.to)
        mail["Date"] = formatdate(self._clock.now_us() / 1e6)
        mail["Message-ID"] = f"<{message.message_id}@{message.node}.alliage>"
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
        if message.incident.is_priority:
            mail["Importance"] = "high"
        mail.set_content(message.text(self._language))
        return mail

    def _send(self, mail: EmailMessage) -> None:
        try:
            with self._connected() as server:
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

    def _connected(self) -> smtplib.SMTP:
        settings = self._settings
        context = None if settings.tls == "none" else trust(settings.ca_file)
        if settings.tls == "tls" and context is not None:
            return smtplib.SMTP_SSL(
                settings.host, settings.port, timeout=TIMEOUT_S, context=context
            )
        server = smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT_S)
        if context is not None:
            try:
                server.starttls(context=context)
            except Exception:  # a server that cannot is told nothing
                server.close()
                raise
        return server


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return "its certificate is not trusted"
    return getattr(error, "strerror", None) or type(error).__name__
