"""What a configuration says of a channel. Secrets stand elsewhere and are named here."""

from __future__ import annotations

import os
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from alliage.watch.channels.contract import ChannelError

SECRET_BYTES: Final = 4_096
_ADDRESS: Final = r"^[^@\s<>,;:\"()\\\[\]]{1,64}@[A-Za-z0-9.-]{1,250}$"

MailAddress = Annotated[str, Field(pattern=_ADDRESS)]


class ChannelSettings(BaseModel):
    """Base of every kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ca_file: Path | None = Field(
        default=None, description="PEM file of the authorities to trust; absent: the system's."
    )


class SecretFrom(BaseModel):
    """Where a secret is read from, anew for every message: a variable or a file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    env: str | None = Field(default=None, pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,99}$")
    file: Path | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.env is None) == (self.file is None):
            raise ValueError('name a variable, { env = "…" }, or a file, { file = "…" }')
        return self

    def read(self) -> str:
        """The secret, without white space round it.

        Raises:
            ChannelError: there is none.
        """
        if self.env is not None:
            found = os.environ.get(self.env, "").strip()
            if not found:
                raise ChannelError(f"the environment variable {self.env} is not set")
            return found
        assert self.file is not None
        try:
            with self.file.open(encoding="utf-8") as file:
                found = file.read(SECRET_BYTES).strip()
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is no text"
            raise ChannelError(
                f"the secret's file {self.file.name} cannot be read: {why}"
            ) from None
        if not found:
            raise ChannelError(f"the secret's file {self.file.name} is empty")
        return found


class WebhookSettings(ChannelSettings):
    """``kind = "webhook"``: an HTTP POST of JSON, signed after Standard Webhooks."""

    kind: Literal["webhook"]
    url: str = Field(max_length=2_000, description="https; http to this machine only.")
    secret: SecretFrom = Field(
        description='What the signature is made with: `{ env = "…" }` or `{ file = "…" }`; at '
        "least 24 characters, or `whsec_` and Base64."
    )
    bearer: SecretFrom | None = Field(
        default=None, description="A token for the header Authorization, where one is asked for."
    )

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("give a whole address, e.g. https://hooks.example.org/alliage")
        if parts.username is not None or parts.password is not None or parts.query:
            raise ValueError("no credentials and no query in the address: use `bearer`")
        _check_encrypted(parts.hostname, parts.scheme == "https")
        return value


class EmailSettings(ChannelSettings):
    """``kind = "email"``: a plain text over SMTP submission."""

    kind: Literal["email"]
    host: str = Field(pattern=r"^[A-Za-z0-9.:-]{1,253}$", description="The mail server.")
    port: int = Field(default=587, ge=1, le=65535, description="Its port.")
    tls: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="`none` to this machine only."
    )
    user: str | None = Field(default=None, max_length=200, description="To sign in as.")
    password: SecretFrom | None = Field(default=None, description="Of that user, as `secret`.")
    sender: MailAddress = Field(description="Whom it is from.")
    to: tuple[MailAddress, ...] = Field(
        min_length=1, max_length=50, description="Whom it is sent to; each sees the others."
    )

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.user is None) != (self.password is None):
            raise ValueError("`user` and `password` belong together: give both or none")
        _check_encrypted(self.host, self.tls != "none")
        return self


class MqttSettings(ChannelSettings):
    """``kind = "mqtt"``: JSON to a topic of a broker (MQTT 3.1.1), at least once."""

    kind: Literal["mqtt"]
    host: str = Field(pattern=r"^[A-Za-z0-9.:-]{1,253}$", description="The broker.")
    port: int = Field(default=8883, ge=1, le=65535, description="Its port.")
    tls: bool = Field(default=True, description="`false` to this machine only.")
    topic: str = Field(
        pattern=r"^[^+#\x00-\x20$][^+#\x00-\x1f]{0,199}$", description="Without wildcards."
    )
    user: str | None = Field(default=None, max_length=200, description="To sign in as.")
    password: SecretFrom | None = Field(default=None, description="Of that user, as `secret`.")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.user is None) != (self.password is None):
            raise ValueError("`user` and `password` belong together: give both or none")
        _check_encrypted(self.host, self.tls)
        return self


AnyChannel = Annotated[WebhookSettings | EmailSettings | MqttSettings, Field(discriminator="kind")]


def _check_encrypted(host: str, is_encrypted: bool) -> None:
    if not is_encrypted and not _is_this_machine(host):
        raise ValueError("what leaves this machine is encrypted: use https, or switch TLS on")


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
