"""The reference page of the configuration file, made from its models."""

from __future__ import annotations

import json
from typing import Final

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from alliage.basemaps.settings import PmtilesTiles, WmsTiles, XyzTiles
from alliage.config import Config
from alliage.config_detection import DetectionConfig
from alliage.config_notifications import NotificationConfig, ToldIncidents, ToldReader
from alliage.config_resolution import ResolutionConfig
from alliage.config_tables import (
    AccessConfig,
    BasemapConfig,
    CorrelationConfig,
    FusionConfig,
    HistoryConfig,
    LabelConfig,
    LabelsConfig,
    LoggingConfig,
    NodeConfig,
    OntologyConfig,
    PeopleConfig,
    ServerConfig,
    SourceConfig,
)
from alliage.config_tracker import TrackerConfig
from alliage.watch.channels.settings import EmailSettings, MqttSettings, WebhookSettings
from scripts.markdown import GENERATED, page, table

INTRODUCTION: Final = """\
A node reads one file, `config.toml` in its folder (`ALLIAGE_HOME`, else `~/.local/share/alliage`).
`alliage config check` says what is wrong with it: file, key, value and way out, all mistakes at
once. Paths are relative to the file.

Every key of a table, sources apart, can be set by a variable too: `ALLIAGE_SERVER__PORT=8471` is
`port` of `[server]`. A variable wins over the file. `alliage config show` shows what is in force;
secrets are never shown."""

VARIABLES: Final = (
    ("ALLIAGE_HOME", "The node's folder."),
    ("ALLIAGE_<TABLE>__<KEY>", "A setting: `ALLIAGE_NODE__NAME`, `ALLIAGE_LOGGING__LEVEL`, …"),
    ("ALLIAGE_DATA", "For tests and benchmarks only: a folder of recordings."),
    ("ALLIAGE_REQUIRE_ALL", "For tests only: `1` makes every skipped test fail."),
    ("ALLIAGE_SOAK_MINUTES", "For `make soak` only: how long a long run is."),
)
TABLES: Final[tuple[tuple[str, type[BaseModel]], ...]] = (
    ("[node]", NodeConfig),
    ("[server]", ServerConfig),
    ("[logging]", LoggingConfig),
    ("[ontology]", OntologyConfig),
    ("[labels]", LabelsConfig),
    ("[access]", AccessConfig),
    ("[people]", PeopleConfig),
    ("[history]", HistoryConfig),
    ("[correlation]", CorrelationConfig),
    ("[resolution]", ResolutionConfig),
    ("[detection]", DetectionConfig),
    ("[fusion]", FusionConfig),
    ("[[sources]]", SourceConfig),
    ("[sources.tracker]", TrackerConfig),
    ("[[basemaps]]", BasemapConfig),
    ('tiles = { kind = "pmtiles" }', PmtilesTiles),
    ('tiles = { kind = "xyz" }', XyzTiles),
    ('tiles = { kind = "wms" }', WmsTiles),
    ("[[notifications]]", NotificationConfig),
    ("[notifications.audience]", ToldReader),
    ("[notifications.incidents]", ToldIncidents),
    ('channel = { kind = "webhook" }', WebhookSettings),
    ('channel = { kind = "email" }', EmailSettings),
    ('channel = { kind = "mqtt" }', MqttSettings),
    ("label", LabelConfig),
)


def render_config() -> str:
    """Return the page `reference/configuration.md`."""
    return page(
        [
            "# Configuration",
            GENERATED.format("`src/alliage/config.py`"),
            INTRODUCTION,
            *(part for name, model in TABLES for part in _section(name, model)),
            "`transport` has a `kind` and what that kind needs: see [transports](transports.md). "
            "`options` are those of the format: see [formats](formats.md).",
            "## Variables",
            table(["variable", "what it does"], [[f"`{name}`", what] for name, what in VARIABLES]),
            "## The file that `alliage init` writes",
            f"```toml\n{Config.default_text()}```",
        ]
    )


def _section(name: str, model: type[BaseModel]) -> list[str]:
    said = (model.__doc__ or "").strip().partition("\n")[0].removeprefix(f"``{name}``: ")
    rows = [
        [f"`{key}`", _default(field), field.description or ""]
        for key, field in model.model_fields.items()
    ]
    return [
        f"## `{name}`",
        said[0].upper() + said[1:],
        table(["key", "default", "what it does"], rows),
    ]


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    default = field.get_default(call_default_factory=True, validated_data={})
    if default in (None, PydanticUndefined):
        return "absent"
    if isinstance(default, BaseModel):
        return "those below"
    return f"`{json.dumps(default, default=str)}`"
