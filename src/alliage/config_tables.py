"""The tables of the configuration file; :mod:`alliage.config` reads and checks the whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from alliage.access.principal import check_nation
from alliage.basemaps.settings import TileSettings
from alliage.ontology.affiliation import AffiliationRule, Affiliations
from alliage.ontology.codes import Code, checked_code
from alliage.ontology.label import CLASSIFICATIONS, UNLABELLED, Label
from alliage.ontology.schema import Ontology


class Section(BaseModel):
    """Base of every table: unknown keys are mistakes, values never change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NodeConfig(Section):
    """``[node]``: who this node is."""

    name: str = Field(
        default="node-1",
        pattern=r"^[a-z0-9][a-z0-9-]{0,39}$",
        description="The node's name, shown in the frame and signed into every entry: "
        "lower case letters, digits and hyphens.",
    )
    nation: str = Field(
        default="XXX",
        pattern=r"^[A-Z]{3}$",
        description="The authority that owns the node, ISO 3166-1 alpha-3 (XXX: none).",
    )
    banner: Literal["", "EXERCISE"] = Field(
        default="", description="`EXERCISE` marks every screen of a node where nothing is real."
    )


class ServerConfig(Section):
    """``[server]``: where browsers and programs reach the node."""

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8470, ge=0, le=65535, description="Port; 0 takes any free one.")
    url: str | None = Field(
        default=None,
        pattern=r"^https?://[^/]+$",
        description="Address that browsers use, when a proxy stands in front. With https the "
        "session cookie is marked Secure.",
    )
    metrics: Literal["administrators", "loopback"] = Field(
        default="loopback",
        description="Who may read /metrics without being an administrator: programs on this "
        "machine (`loopback`) or nobody (`administrators`).",
    )

    @property
    def address(self) -> str:
        """The address to open in a browser."""
        host = "localhost" if self.host in {"0.0.0.0", "::", "127.0.0.1"} else self.host  # noqa: S104
        return self.url or f"http://{host}:{self.port}"


class LoggingConfig(Section):
    """``[logging]``: what the node says about itself, on standard error."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe messages that are written."
    )
    format: Literal["auto", "text", "json"] = Field(
        default="auto", description="`auto`: text on a terminal, JSON lines elsewhere."
    )


class AffiliationConfig(Section):
    """``[[ontology.affiliations]]``: on whose side things are of which nobody has said so."""

    affiliation: Literal["assumed_friend", "friend", "neutral", "suspect"] = Field(
        description="What they are; what somebody claims stands before it."
    )
    nations: tuple[str, ...] = Field(
        min_length=1,
        description="Of these nations (ISO 3166-1 alpha-3), by what is claimed or by the flag in "
        "their MMSI.",
    )
    kinds: tuple[str, ...] = Field(
        default=(), description="Of these kinds and those that extend them; empty: of all."
    )

    @field_validator("nations")
    @classmethod
    def _codes_of_nations(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for nation in value:
            checked_code(Code.COUNTRY, nation)
        return value

    def to_rule(self) -> AffiliationRule:
        """The ontology's rule."""
        return AffiliationRule(self.affiliation, frozenset(self.nations), frozenset(self.kinds))


class OntologyConfig(Section):
    """``[ontology]``: the words this node knows."""

    folders: tuple[Path, ...] = Field(
        default=(), description="Folders with further schemata (YAML), after the built-in ones."
    )
    affiliations: tuple[AffiliationConfig, ...] = Field(
        default=(), description="Rules for affiliations; the first that fits counts."
    )

    def load(self) -> Ontology:
        """The packaged schemata, those of the folders that are sound, and the rules."""
        rules = Affiliations([rule.to_rule() for rule in self.affiliations])
        return Ontology.load_sound(self.folders, rules)

    def problems(self, ontology: Ontology) -> list[str]:
        """What of this is wrong and was left out, in words; ``ontology`` is what was loaded."""
        kinds = {kind for rule in self.affiliations for kind in rule.kinds}
        return [str(problem) for problem in ontology.problems] + [
            f"ontology.affiliations: no kind of thing is called {kind!r}"
            for kind in sorted(kinds - set(ontology.schemata))
        ]


class LabelConfig(Section):
    """A confidentiality label (STANAG 4774) for everything a source says."""

    policy: str = Field(min_length=1, description="The security policy, e.g. `ALLIAGE`.")
    classification: str = Field(description=f"One of {', '.join(CLASSIFICATIONS)}.")
    releasable_to: tuple[str, ...] | None = Field(
        default=None,
        description="Nations that may see it (ISO 3166-1 alpha-3). Absent: not restricted by "
        "nation within the policy; an empty list: nobody.",
    )
    restrictive: dict[str, tuple[str, ...]] = Field(
        default={}, description="Further categories of which a reader needs every value."
    )

    @field_validator("classification")
    @classmethod
    def _known_classification(cls, value: str) -> str:
        if value not in CLASSIFICATIONS:
            raise ValueError(f"use one of {', '.join(CLASSIFICATIONS)}")
        return value

    @field_validator("releasable_to")
    @classmethod
    def _codes_of_nations(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for nation in value or ():
            check_nation(nation)
        return value

    def to_label(self) -> Label:
        """The ontology's label."""
        return Label.make(
            self.policy,
            self.classification,
            self.releasable_to,
            {tag: list(values) for tag, values in self.restrictive.items()},
        )


class PeopleConfig(Section):
    """``[people]``: what people of this node write."""

    label: LabelConfig | None = Field(
        default=None,
        description="The label of what somebody writes who has opened nothing for it and chooses "
        "none. Absent: such words need a label by hand.",
    )

    def to_label(self) -> Label:
        """The configured label, or UNLABELLED."""
        return self.label.to_label() if self.label else UNLABELLED


class SourceConfig(Section):
    """``[[sources]]``: one stream of reports under one label."""

    name: str = Field(
        pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$",
        description="The stream's name: lower case letters, digits, `-` and `_`.",
    )
    format: str = Field(
        pattern=r"^[a-z][a-z0-9_]*$", description="A feed; `alliage config check` knows them all."
    )
    label: LabelConfig | None = Field(
        default=None, description="The label of everything it says. Absent: not shareable."
    )
    keep_days: float | None = Field(
        default=None,
        gt=0,
        description="How many days the log keeps what it reports; headers stay for ever. Absent: "
        "for ever. What it says of things (names, sizes) is kept.",
    )
    transport: dict[str, Any] = Field(description="`kind` and what that kind of transport needs.")
    options: dict[str, Any] = Field(default={}, description="Options of the format.")

    @field_validator("transport")
    @classmethod
    def _has_kind(cls, value: dict[str, Any]) -> dict[str, Any]:
        if not isinstance(value.get("kind"), str):
            raise ValueError('name the kind of transport, e.g. { kind = "file", path = "…" }')
        return value

    @property
    def kind(self) -> str:
        """The transport's kind."""
        return str(self.transport["kind"])

    def to_label(self) -> Label:
        """The configured label, or UNLABELLED: kept and never shared."""
        return self.label.to_label() if self.label else UNLABELLED


class BasemapConfig(Section):
    """``[[basemaps]]``: a map of one's own under the picture."""

    name: str = Field(
        pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$",
        description="Stands in addresses: lower case letters, digits, `-` and `_`.",
    )
    title: str = Field(min_length=1, max_length=60, description="What people choose it by.")
    attribution: str = Field(
        default="", max_length=200, description="Whom to name beside the map, as plain text."
    )
    label: LabelConfig | None = Field(
        default=None, description="The label of the map. Absent: not shareable."
    )
    tiles: TileSettings = Field(description="`kind` (pmtiles, xyz, wms) and what it needs.")

    def to_label(self) -> Label:
        """The configured label, or UNLABELLED: shown to administrators only."""
        return self.label.to_label() if self.label else UNLABELLED
