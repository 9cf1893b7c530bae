"""The configuration of a node: one TOML file, overridden by environment variables.

``ALLIAGE_SERVER__PORT=8471`` overrides ``port`` of ``[server]``. Every mistake is reported with
the file (or variable), the key, the value and what to do; all mistakes at once.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Final, Self, TypeVar

from pydantic import (
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from alliage.access.cedar import Policy, PolicyError
from alliage.basemaps.basemap import trouble_of
from alliage.basemaps.settings import PmtilesTiles, TileSettings
from alliage.config_detection import DetectionConfig
from alliage.config_notifications import NotificationConfig
from alliage.config_resolution import ResolutionConfig
from alliage.config_section import Section
from alliage.config_tables import (
    AccessConfig,
    BasemapConfig,
    CorrelationConfig,
    FusionConfig,
    HistoryConfig,
    LabelsConfig,
    LoggingConfig,
    NodeConfig,
    OntologyConfig,
    PeopleConfig,
    ServerConfig,
    SourceConfig,
)
from alliage.history.keeping import Keep
from alliage.ontology.derived import plots_of
from alliage.ontology.policies import Policies, known_policies, packaged_policies
from alliage.ontology.wording import TELLS_ALL, in_words

FILE_NAME: Final = "config.toml"
PREFIX: Final = "ALLIAGE_"
MASK: Final = "********"
_SECRET_WORDS: Final = (
    "password",
    "passwd",
    "secret",
    "token",
    "authorization",
    "cookie",
    "api_key",
    "apikey",
    "passphrase",
    "credential",
)
_URL_USER: Final = re.compile(r"(?<=://)[^/@\s]+@")
_URL_SECRET: Final = re.compile(
    rf"(?<=[?&;])([^=&;#\s]*(?:{'|'.join(_SECRET_WORDS)}|key|sig)[^=&;#\s]*=)[^&;#\s]+",
    re.IGNORECASE,
)


class ConfigError(Exception):
    """The configuration cannot be used. ``problems`` has one line for each mistake.

    ``sources`` has the tables of the sources as they were read, for those who can check more.
    """

    def __init__(self, problems: list[str], sources: Sequence[Any] = ()) -> None:
        self.problems = problems
        self.sources = sources
        super().__init__("\n".join(problems))


Named = TypeVar(
    "Named", tuple[BasemapConfig, ...], tuple[NotificationConfig, ...], tuple[SourceConfig, ...]
)


class Config(Section):
    """Everything a node is told before it starts."""

    node: NodeConfig = NodeConfig()
    server: ServerConfig = ServerConfig()
    logging: LoggingConfig = LoggingConfig()
    ontology: OntologyConfig = OntologyConfig()
    access: AccessConfig = AccessConfig()
    labels: LabelsConfig = LabelsConfig()
    people: PeopleConfig = PeopleConfig()
    history: HistoryConfig = HistoryConfig()
    correlation: CorrelationConfig = CorrelationConfig()
    resolution: ResolutionConfig = ResolutionConfig()
    detection: DetectionConfig = DetectionConfig()
    fusion: FusionConfig = FusionConfig()
    basemaps: tuple[BasemapConfig, ...] = ()
    sources: tuple[SourceConfig, ...] = ()
    notifications: tuple[NotificationConfig, ...] = ()

    @field_validator("basemaps", "notifications", "sources")
    @classmethod
    def _names_are_unique(cls, value: Named, info: ValidationInfo) -> Named:
        names = [table.name for table in value]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(
                f"two {info.field_name} are called {twice[0]!r}; give each its own name"
            )
        return value

    @model_validator(mode="after")
    def _contexts_are_of_sources(self) -> Self:
        known = {source.name for source in self.sources}
        for name in (name for context in self.detection.contexts for name in context):
            if name not in known:
                raise ValueError(f"detection.contexts: {name!r} is no source of this node")
        return self

    @classmethod
    def load(cls, path: Path, environ: Mapping[str, str] | None = None) -> Self:
        """Read a configuration file and the environment.

        Args:
            path: the TOML file; its folder is what relative paths are relative to.
            environ: environment variables; by default those of this process.

        Raises:
            ConfigError: with one line for each mistake.
        """
        return cls.from_text(_read(path), path, environ)

    @classmethod
    def from_text(cls, text: str, path: Path, environ: Mapping[str, str] | None = None) -> Self:
        """Like :meth:`load`, for text that stands (or will stand) in the file ``path``."""
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ConfigError([f"{path}: not valid TOML: {error}"]) from None
        overrides = _overrides(os.environ if environ is None else environ)
        _override(data, overrides)
        folder = path.resolve().parent
        try:
            return cls.from_data(data, str(path), overrides, folder)._resolved(folder)
        except ConfigError as error:
            tables = [_with_absolute_path(table, folder) for table in error.sources]
            raise ConfigError(error.problems, tables) from None

    @classmethod
    def from_data(
        cls,
        data: Mapping[str, Any],
        origin: str = "command line",
        overrides: Mapping[tuple[str, str], Override] | None = None,
        folder: Path | None = None,
    ) -> Self:
        """Check plain data; ``origin`` is what errors call it, ``overrides`` where keys are from,
        ``folder`` what relative paths are relative to.

        Raises:
            ConfigError: with one line for each mistake.
        """
        try:
            return cls.model_validate(data, context={"policies": _policies(data, folder)})
        except ValidationError as error:
            sources = data.get("sources", ())
            tables = sources if isinstance(sources, list | tuple) else ()
            raise ConfigError(_problems(error, origin, overrides or {}), tables) from None

    @staticmethod
    def default_text(name: str = "node-1", nation: str = "XXX", banner: str = "") -> str:
        """Return the commented file that ``alliage init`` writes."""
        text = (resources.files("alliage") / "config_template.toml").read_text(encoding="utf-8")
        return (
            text.replace('"node-1"', f'"{name}"', 1)
            .replace('"XXX"', f'"{nation}"', 1)
            .replace('banner = ""', f'banner = "{banner}"', 1)
        )

    def load_policy(self) -> Policy:
        """The policy of who may see what.

        Raises:
            ConfigError: it cannot be used; with one line for each mistake.
        """
        try:
            return self.access.load()
        except PolicyError as error:
            raise ConfigError(error.problems) from None

    def basemap_problems(self) -> list[str]:
        """What is wrong with the basemaps, which are left out then, in words."""
        found = ((basemap.name, trouble_of(basemap.tiles)) for basemap in self.basemaps)
        return [f"basemap {name!r}: {trouble}" for name, trouble in found if trouble]

    def keep_of(self, stream: str) -> Keep:
        """How long and how much of a stream the history keeps; of tracks as of their plots."""
        days, size = self.history.keep_days, self.history.keep_bytes
        names = {stream, plots_of(stream)}
        source = next((one for one in self.sources if one.name in names), None)
        if source is not None:
            days = days if source.keep_days is None else source.keep_days
            size = size if source.keep_bytes is None else source.keep_bytes
        return Keep(days, size)

    def shown(self) -> dict[str, Any]:
        """Return plain data for people and logs: secrets are masked."""
        shown: dict[str, Any] = mask_secrets(self.model_dump(mode="json", exclude_none=True))
        return shown

    def _resolved(self, folder: Path) -> Self:
        sources = tuple(
            source.model_copy(update={"transport": _absolute(source.transport, folder)})
            for source in self.sources
        )
        basemaps = tuple(
            basemap.model_copy(update={"tiles": _file_in(basemap.tiles, folder)})
            for basemap in self.basemaps
        )
        folders = tuple(folder / path for path in self.ontology.folders)
        labels = self.labels.model_copy(
            update={"policies": tuple(folder / path for path in self.labels.policies)}
        )
        ontology = self.ontology.model_copy(update={"folders": folders})
        policy = self.access.policy
        access = self.access if policy is None else AccessConfig(policy=folder / policy)
        return self.model_copy(
            update={
                "sources": sources,
                "ontology": ontology,
                "labels": labels,
                "basemaps": basemaps,
                "notifications": tuple(one.in_folder(folder) for one in self.notifications),
                "access": access,
            }
        )


def default_home(environ: Mapping[str, str] | None = None) -> Path:
    """Return the node's folder: ``ALLIAGE_HOME``, else the user's data folder."""
    variables = os.environ if environ is None else environ
    if variables.get("ALLIAGE_HOME"):
        return Path(variables["ALLIAGE_HOME"]).expanduser().absolute()
    data = variables.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(data).expanduser() / "alliage"


def explain(problem: Any, known: str = "remove it") -> str:
    """Say in one line what pydantic found, with the value unless it is a secret.

    Args:
        problem: one of ``ValidationError.errors()``.
        known: what to do about a key that does not exist.
    """
    if problem["type"] == "missing":
        return in_words(problem)
    if problem["type"] == "extra_forbidden":
        return f"no such key; {known}"
    if problem["type"] == TELLS_ALL:
        return str(problem["msg"])
    message = in_words(problem)
    value = problem["input"]
    if isinstance(value, dict | list | tuple) or _is_secret("".join(map(str, problem["loc"][-1:]))):
        return message
    return f"{mask_secrets(value)!r}: {message}"


def mask_secrets(value: Any) -> Any:
    """Return a copy of plain data in which every secret value is replaced by asterisks."""
    if isinstance(value, dict):
        return {key: _masked(key, item) for key, item in value.items()}
    if isinstance(value, list):
        return [mask_secrets(item) for item in value]
    if isinstance(value, str):
        return _URL_SECRET.sub(rf"\g<1>{MASK}", _URL_USER.sub(f"{MASK}@", value))
    return value


def _masked(key: str, item: Any) -> Any:
    if key == "headers" and isinstance(item, dict):  # of a request: any of them may let one in
        return dict.fromkeys(item, MASK)
    return MASK if _is_secret(key) and item else mask_secrets(item)


@dataclass(frozen=True, slots=True)
class Override:
    """A setting that came from an environment variable."""

    variable: str
    value: str


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(
            [f"{path}: no such file; `alliage init` writes one, ALLIAGE_HOME names its folder"]
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            [f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}"]
        ) from None


def _overrides(environ: Mapping[str, str]) -> dict[tuple[str, str], Override]:
    """``ALLIAGE_<SECTION>__<KEY>`` by section and key; other variables are not settings."""
    found: dict[tuple[str, str], Override] = {}
    for variable, value in sorted(environ.items()):
        section, separator, key = variable.removeprefix(PREFIX).lower().partition("__")
        if variable.startswith(PREFIX) and separator:
            found[section, key] = Override(variable, value)
    return found


def _override(data: dict[str, Any], overrides: Mapping[tuple[str, str], Override]) -> None:
    for (section, key), override in overrides.items():
        table = data.setdefault(section, {})
        if not isinstance(table, dict):
            raise ConfigError([f"{override.variable}: {section!r} is a list; set it in the file"])
        table[key] = override.value


def _problems(
    error: ValidationError, file: str, overrides: Mapping[tuple[str, str], Override]
) -> list[str]:
    lines = []
    for problem in error.errors():
        place = tuple(str(step) for step in problem["loc"])
        override = next((o for key, o in overrides.items() if key[: len(place)] == place[:2]), None)
        where = override.variable if override else f"{file}: {_dotted(problem['loc'])}"
        lines.append(f"{where}: {explain(problem, _known_keys(place))}")
    return lines


def _known_keys(place: tuple[str, ...]) -> str:
    model: Any = Config
    for step in place[:-1]:
        field = getattr(model, "model_fields", {}).get(step)
        if field is not None:
            model = _section_of(field.annotation)
    fields = getattr(model, "model_fields", {})
    return f"known here: {', '.join(fields)}" if fields else "remove it"


def _section_of(annotation: Any) -> Any:
    """The table's model inside ``Model``, ``Model | None`` or ``tuple[Model, ...]``."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    parts = getattr(annotation, "__args__", ())
    return next((p for p in parts if isinstance(p, type) and issubclass(p, Section)), None)


def _policies(data: Mapping[str, Any], folder: Path | None) -> Policies:
    """The policies by which labels are checked.

    What comes from no file has no ``[labels]`` of its own, and is checked by those in use.
    """
    try:
        labels = LabelsConfig.model_validate(data.get("labels", {}))
    except ValidationError:
        return packaged_policies()
    if not labels.policies:
        return packaged_policies() if folder is not None else known_policies()
    return Policies.load_sound((folder or Path()) / path for path in labels.policies)


def _dotted(place: tuple[int | str, ...]) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return text.removeprefix(".")


def _absolute(transport: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Paths are relative to the configuration; a scenario without a suffix is one by name."""
    paths = {
        key: value
        for key, value in transport.items()
        if isinstance(value, str)
        and ((key == "path" and value != "-") or (key == "scenario" and Path(value).suffix))
    }
    return transport | {key: str(folder / Path(value).expanduser()) for key, value in paths.items()}


def _file_in(tiles: TileSettings, folder: Path) -> TileSettings:
    if not isinstance(tiles, PmtilesTiles):
        return tiles
    return tiles.model_copy(update={"path": folder / tiles.path.expanduser()})


def _with_absolute_path(table: Any, folder: Path) -> Any:
    """A source's table as it was read, whole or not."""
    if not isinstance(table, dict) or not isinstance(table.get("transport"), dict):
        return table
    return {**table, "transport": _absolute(table["transport"], folder)}


def _is_secret(key: str) -> bool:
    return any(word in key.lower().replace("-", "_") for word in _SECRET_WORDS)
