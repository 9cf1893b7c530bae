"""What a client may say: a view or an acknowledgement, checked strictly."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from alliage.ontology.wording import in_words

NOT_UNDERSTOOD: Final = 4400
MESSAGE_CHARACTERS: Final = 16_384
REASON_BYTES: Final = 123
"""What a WebSocket close frame has room for (RFC 6455, section 5.5.1)."""


class ProtocolError(Exception):
    """A message that is not understood: close the socket with ``code`` and ``reason``."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.code = NOT_UNDERSTOOD
        self.reason = why.encode()[:REASON_BYTES].decode(errors="ignore")


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


Known = Literal["now", "then"] | Annotated[int, Field(ge=0, le=2**53)]
"""Under which knowledge a time is looked at: all there is now, what was known at the time that is
shown, or what was known at one moment, in microseconds."""


class Moment(_Message):
    """A time to look back to, how fast it runs on, and under which knowledge."""

    at_us: int = Field(ge=0, le=2**53)
    pace: float = Field(default=1.0, ge=0, le=3600)
    known: Known = "now"


class ViewMessage(_Message):
    """What the client looks at; replaces what it said before."""

    type: Literal["view"]
    bbox: Annotated[list[float], Field(min_length=4, max_length=4)]
    zoom: float = Field(ge=0, le=30)
    rate_hz: float = Field(default=1.0, ge=0.1, le=10.0)
    trails: bool = False
    selected: list[Annotated[str, Field(max_length=200)]] = Field(default=[], max_length=50)
    schemata: list[Annotated[str, Field(max_length=100)]] | None = Field(
        default=None, max_length=100
    )
    past: Moment | None = None


class AckMessage(_Message):
    """The client has taken in every message up to and with this batch."""

    type: Literal["ack"]
    seq: int = Field(ge=0)


ClientMessage = ViewMessage | AckMessage
_MESSAGES: Final[TypeAdapter[ClientMessage]] = TypeAdapter(
    Annotated[ClientMessage, Field(discriminator="type")]
)


def parse_message(text: str) -> ClientMessage:
    """Return the message.

    Raises:
        ProtocolError: too long, not JSON, or not what the protocol says; the reason says where.
    """
    if len(text) > MESSAGE_CHARACTERS:
        raise ProtocolError(f"a message has at most {MESSAGE_CHARACTERS} characters")
    try:
        return _MESSAGES.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "message"
        raise ProtocolError(f"{where}: {in_words(first)}") from error
