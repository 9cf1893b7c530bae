"""Who writes: a person, or a program by a token of that person's; and which stream is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from alliage.access.principal import Principal

PERSON: Final = "person:"
API: Final = "api:"
RELEASE_STREAM: Final = "release:"
"""Begins the stream of what a node releases; who said it first is no part of a release."""


def author_of(stream: str) -> str:
    """The name of the person whose stream it is; "" for one that is no person's."""
    if stream.startswith(API):
        return stream.removeprefix(API).rpartition("/")[0]
    return stream.removeprefix(PERSON) if stream.startswith(PERSON) else ""


@dataclass(frozen=True, slots=True)
class Writing:
    """Who writes: a person, or a program by a token of that person's."""

    person: Principal
    program: str = ""

    @property
    def stream(self) -> str:
        """The stream of what they say."""
        name = self.person.name
        return f"{API}{name}/{self.program}" if self.program else f"{PERSON}{name}"

    def owns(self, stream: str) -> bool:
        """Whether a stream is this person's: by hand, or by one of the person's programs."""
        name = self.person.name
        return stream == f"{PERSON}{name}" or stream.rpartition("/")[0] == f"{API}{name}"
