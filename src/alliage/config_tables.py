"""The tables of the configuration file; :mod:`alliage.config` reads and checks the whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import structlog
from pydantic import Field, ValidationInfo, field_validator, model_validator

from alliage.access.cedar import Policy
from alliage.access.principal import check_nation
from alliage.basemaps.settings import TileSettings
from alliage.config_section import Section
from alliage.config_tracker import TrackerConfig
from alliage.ontology.affiliation import AffiliationRule, Affiliations
from alliage.ontology.codes import Code, checked_code
from alliage.ontology.label import UNLABELLED, Category, CategoryKind, Label, check_word, combined
from alliage.ontology.label_text import parse_label
from alliage.ontology.policies import CLEARANCE_POLICIES, Policies, known_policies, use_policies
from alliage.ontology.schema import Ontology


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
        "machine (`loopback`) or nobody (`administrators`). Programs on this machine get the "
        "server's own figures, which rise with what anybody does, and none of sources; "
        "administrators get figures of the sources that they may see, and no others.",
    )
    late_after_s: float = Field(
        default=60.0,
        gt=0,
        description="What a node had longer than this after it was so is marked as late.",
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
        return [str(problem) for problem in ontology.problems] + [
            f"config.toml: ontology.affiliations[{number}].kinds: no kind of thing is called "
            f"{kind!r}; the page Ontology lists them"
            for number, rule in enumerate(self.affiliations)
            for kind in rule.kinds
            if kind not in ontology.schemata
        ]


class AccessConfig(Section):
    """``[access]``: who may see what."""

    policy: Path | None = Field(
        default=None,
        description="A file with the policy, in Cedar; it stands in place of the one that Alliage "
        "brings, which `alliage access policy` shows. Absent: that one.",
    )

    def load(self) -> Policy:
        """The policy, checked.

        Raises:
            PolicyError: it cannot be used.
        """
        return Policy.load(self.policy)


class LabelsConfig(Section):
    """``[labels]``: the security policies that this node knows."""

    policies: tuple[Path, ...] = Field(
        default=(),
        description="Files, or folders of files `*.xml`, with further policies (Open XML SPIF); "
        "one of the name of a built-in policy takes its place.",
    )
    clearances: tuple[str, ...] = Field(
        default=CLEARANCE_POLICIES,
        description="The policies in whose words people are cleared. A label of another policy is "
        "reached where a policy file says what it is in one of these.",
    )

    def load(self) -> Policies:
        """The packaged policies and those of the files that are sound."""
        return Policies.load_sound(self.policies, self.clearances)

    def use(self) -> Policies:
        """Load them, tell the log of what was left out, and write markings by them from now on."""
        policies = self.load()
        for problem in self.problems(policies):
            structlog.get_logger("alliage.node").warning("labels: refused", problem=problem)
        use_policies(policies)
        return policies

    def problems(self, policies: Policies) -> list[str]:
        """What of this is wrong and was left out, in words; ``policies`` is what was loaded."""
        return [str(problem) for problem in policies.problems] + [
            f"labels.clearances: no policy is called {name!r}"
            for name in self.clearances
            if policies.get(name) is None
        ]


class LabelConfig(Section):
    """A confidentiality label (STANAG 4774) for everything a source says.

    A marking line does as well: ``label = "ALLIAGE UNCLASSIFIED / REL TO DNK, FRA"``.
    """

    policy: str = Field(min_length=1, description="The security policy, e.g. `ALLIAGE`.")
    classification: str = Field(
        description="One of its policy's; `alliage labels list` shows them. UNMARKED, "
        "UNCLASSIFIED, RESTRICTED, CONFIDENTIAL, SECRET, TOP SECRET for ALLIAGE and NATO."
    )
    releasable_to: tuple[str, ...] | None = Field(
        default=None,
        description="Nations that may see it (ISO 3166-1 alpha-3). Absent: not restricted by "
        "nation within the policy; an empty list: nobody.",
    )
    restrictive: dict[str, tuple[str, ...]] = Field(
        default={}, description="Further categories of which a reader needs every value."
    )
    permissive: dict[str, tuple[str, ...]] = Field(
        default={}, description="Further categories of which any one value suffices."
    )
    informative: dict[str, tuple[str, ...]] = Field(
        default={}, description="Categories that are shown and bind nobody."
    )

    @model_validator(mode="before")
    @classmethod
    def _from_marking(cls, value: Any) -> Any:
        return _label_table(parse_label(value)) if isinstance(value, str) else value

    @field_validator("policy")
    @classmethod
    def _is_word(cls, value: str) -> str:
        return check_word("policy", value)

    @field_validator("classification")
    @classmethod
    def _known_classification(cls, value: str, info: ValidationInfo) -> str:
        policies = (info.context or {}).get("policies") or known_policies()
        policy = policies.get(info.data.get("policy", ""))
        if policy is not None and value not in policy.classifications:
            raise ValueError(f"use one of {', '.join(each.name for each in policy.ordered())}")
        return check_word("classification", value)

    @field_validator("restrictive", "permissive", "informative")
    @classmethod
    def _are_words(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for tag, values in value.items():
            for word in (tag, *values):
                check_word("category", word)
        return value

    @field_validator("releasable_to")
    @classmethod
    def _codes_of_nations(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for nation in value or ():
            check_nation(nation)
        return value

    def to_label(self) -> Label:
        """The ontology's label."""
        label = Label.make(self.policy, self.classification, self.releasable_to)
        further = [
            Category(tag, CategoryKind(kind), values)
            for kind in CategoryKind
            for tag, values in getattr(self, kind.value).items()
        ]
        return Label(label.policy, label.classification, combined([*label.categories, *further]))


def _label_table(label: Label) -> dict[str, Any]:
    """A label as the table that says it."""
    table: dict[str, Any] = {"policy": label.policy, "classification": label.classification}
    if label.releasable_to is not None:
        table["releasable_to"] = sorted(label.releasable_to)
    for category in label.categories:
        if not category.is_release:
            table.setdefault(category.kind.value, {})[category.tag] = category.values
    return table


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


class CorrelationConfig(Section):
    """``[correlation]``: finding out which tracks of different streams are one thing."""

    enabled: bool = Field(default=True, description="Whether streams are compared at all.")
    every_s: float = Field(
        default=10.0, ge=1.0, description="How often, in seconds of the streams' own time."
    )
    exclude: tuple[str, ...] = Field(
        default=(), description="Sources whose tracks, and their trackers', are never compared."
    )


class FusionConfig(Section):
    """``[fusion]``: what becomes of several sources that tell of one thing."""

    combine: Literal["covariance intersection", "latest"] = Field(
        default="covariance intersection",
        description="What several source tracks make of a position: `covariance intersection` "
        "weighs all that agree with the latest; `latest` takes the latest report alone.",
    )


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
        description="How many days the log and the history keep what it reports, from when this "
        "node had it; headers stay for ever. Absent: for ever, or as `[history]` says. What it "
        "says of things (names, sizes) is kept.",
    )
    keep_bytes: int | None = Field(
        default=None,
        gt=0,
        description="How large its history may be, as in `[history]`.",
    )
    keep_original: bool = Field(
        default=False,
        description="Whether the bytes are kept as they came, so that a mended decoder can read "
        "them again: `alliage history redecode`.",
    )
    transport: dict[str, Any] = Field(description="`kind` and what that kind of transport needs.")
    options: dict[str, Any] = Field(default={}, description="Options of the format.")
    tracker: TrackerConfig = Field(
        default=TrackerConfig(), description="How its plots become tracks, where it has plots."
    )

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


class HistoryConfig(Section):
    """``[history]``: how long and how much positions are kept for quick reading."""

    keep_days: float | None = Field(
        default=None,
        gt=0,
        description="Positions leave the history so many days after this node had them. Absent: "
        "never. The log is another matter.",
    )
    keep_bytes: int | None = Field(
        default=None,
        gt=0,
        description="Of each source under each label at most so many bytes stay in the history, "
        "the latest. Absent: all.",
    )


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
