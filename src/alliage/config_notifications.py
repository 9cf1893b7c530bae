"""The tables of the configuration for notifications."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from alliage.access.principal import Principal, Role
from alliage.config_section import Section
from alliage.detection import DETECTORS
from alliage.ontology.claim import RULE_ID
from alliage.watch.channels.settings import AnyChannel, SecretFrom
from alliage.watch.news import Wanted


class ToldReader(Section):
    """``[notifications.audience]``: as which reader they are told who get the messages."""

    nation: str = Field(description="ISO 3166-1 alpha-3.")
    clearance: str = Field(
        description="The highest classification that the channel, and all who read it, may carry."
    )
    communities: tuple[str, ...] = Field(
        default=(), description='Values of categories that they hold: `"Compartment: NORTH"`.'
    )
    purpose: str = Field(default="", description="What they read for, where the policy asks.")

    @model_validator(mode="after")
    def _is_a_reader(self) -> Self:
        self.to_principal("")
        return self

    def to_principal(self, name: str) -> Principal:
        """The reader for the access policy; a viewer, whatever is told."""
        return Principal(
            user_id=f"notification:{name}",
            name=f"notification:{name}",
            nation=self.nation,
            clearance=self.clearance,
            roles=frozenset([Role.VIEWER]),
            communities=frozenset(self.communities),
            purpose=self.purpose,
        )


class ToldIncidents(Section):
    """``[notifications.incidents]``: of which incidents they are told."""

    kinds: tuple[str, ...] = Field(
        default=(), description="Names of detectors, and ids of watch rules. None: all."
    )
    priority: bool = Field(default=False, description="Whether of calls for help only.")
    least_probability: float = Field(
        default=0.0, ge=0, le=1, description="How probable at the least; not for calls for help."
    )
    beyond_budget: bool = Field(
        default=False, description="Whether also of those that the Incidents page folds."
    )

    @field_validator("kinds")
    @classmethod
    def _are_known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        known = {detector.name for detector in DETECTORS}
        for name in value:
            if name not in known and not name.startswith(RULE_ID):
                raise ValueError(f"{name!r} is no detector; there are {', '.join(sorted(known))}")
        return value

    def to_wanted(self) -> Wanted:
        """The same for the watch."""
        return Wanted(
            frozenset(self.kinds), self.priority, self.least_probability, self.beyond_budget
        )


class NotificationConfig(Section):
    """``[[notifications]]``: an audience that is told of incidents through a channel."""

    name: str = Field(
        pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$",
        description="Stands in messages: lower case letters, digits, `-` and `_`.",
    )
    audience: ToldReader = Field(description="Who is told; nothing else is sent or counted.")
    incidents: ToldIncidents = Field(default=ToldIncidents(), description="Of what.")
    language: Literal["en", "fr"] = Field(default="en", description="Of texts; JSON has both.")
    channel: AnyChannel = Field(description="`kind` (webhook, email, mqtt) and what it needs.")

    def to_settings(self) -> dict[str, Any]:
        """Who is told and of what, without the channel, as plain data."""
        return self.model_dump(mode="json", include={"audience", "incidents"})

    def in_folder(self, folder: Path) -> Self:
        """With whole paths; relative ones are relative to the configuration."""
        found: dict[str, Any] = {}
        for key, value in self.channel:
            if isinstance(value, Path):
                found[key] = folder / value.expanduser()
            elif isinstance(value, SecretFrom) and value.file is not None:
                path = folder / value.file.expanduser()
                found[key] = value.model_copy(update={"file": path})
        return self.model_copy(update={"channel": self.channel.model_copy(update=found)})

    def files(self) -> Iterator[Path]:
        """The files that it names."""
        for _, value in self.channel:
            file = value.file if isinstance(value, SecretFrom) else value
            if isinstance(file, Path):
                yield file
