"""One version of a rule as a claim carries it."""

from __future__ import annotations

from dataclasses import dataclass

import orjson


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """A rule as somebody said it is: each version is a claim, and the newest stands.

    Attributes:
        version: from 1.
        text: its lines.
        on: whether it is looked for.
        gone: whether it was put away: it is listed no more, and can be brought back.
    """

    version: int
    text: str
    on: bool = True
    gone: bool = False

    def to_value(self) -> str:
        """As a claim carries it."""
        told = {"version": self.version, "text": self.text, "on": self.on, "gone": self.gone}
        return orjson.dumps(told).decode()

    @classmethod
    def from_value(cls, value: str) -> RuleVersion:
        """Inverse of :meth:`to_value`.

        Raises:
            ValueError: it says no rule that can be read.
        """
        try:
            told = orjson.loads(value)
            return cls(
                int(told["version"]), str(told["text"]), bool(told["on"]), bool(told["gone"])
            )
        except (KeyError, TypeError, orjson.JSONDecodeError) as error:
            raise ValueError(f"no version of a rule: {error}") from None
