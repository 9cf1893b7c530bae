"""The sources of a configuration, checked against the formats and transports there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from alliage.config import Config, ConfigError, explain
from alliage.config_tables import SourceConfig
from alliage.config_tracker import TrackerConfig
from alliage.exercise.sensor_transport import SENSOR, SensorConfig
from alliage.exercise.transport import SIMULATION, SimulationConfig
from alliage.feeds.contract import Feed
from alliage.feeds.transports.base import TransportConfig
from alliage.feeds.transports.file import FLAT_OUT, FileConfig
from alliage.feeds.transports.registry import KINDS, TransportKind, parse_transport

Model = TypeVar("Model", bound=BaseModel)

ALL_KINDS: Final[Mapping[str, TransportKind]] = {
    **KINDS,
    "simulation": SIMULATION,
    "exercise": SENSOR,
}


@dataclass(frozen=True, slots=True)
class ResolvedSource:
    """A source with everything that is needed to start it."""

    config: SourceConfig
    feed: Feed
    options: BaseModel
    transport: TransportConfig

    @property
    def replay_pace(self) -> float | None:
        """Seconds of a recording in one of the wall; 0 for flat out, None for what is live."""
        transport = self.transport
        if isinstance(transport, FileConfig):
            return 0.0 if transport.pace == FLAT_OUT else transport.replay_factor
        if isinstance(transport, SensorConfig):
            transport = transport.played
        if isinstance(transport, SimulationConfig) and transport.own_time:
            return transport.speed_factor
        return None


def resolve_sources(config: Config, feeds: Mapping[str, Feed]) -> list[ResolvedSource]:
    """Return the sources of a configuration, ready to start.

    Raises:
        ConfigError: with one line for each mistake: source, key, value and what to do.
    """
    resolved: list[ResolvedSource] = []
    problems: list[str] = []
    for source in config.sources:
        try:
            resolved.append(resolve_source(source, feeds))
        except ConfigError as error:
            problems += error.problems
    problems += _unknown_things(config)
    if problems:
        raise ConfigError(problems)
    return _with_exercises(resolved)


def _with_exercises(resolved: list[ResolvedSource]) -> list[ResolvedSource]:
    """The same, where each sensor of an exercise knows which it belongs to."""
    played = {
        source.config.name: source.transport
        for source in resolved
        if isinstance(source.transport, SimulationConfig)
    }
    bound: list[ResolvedSource] = []
    problems: list[str] = []
    for source in resolved:
        transport, where = source.transport, f"source {source.config.name!r}: transport"
        if isinstance(transport, SensorConfig):
            exercise = played.get(transport.exercise)
            try:
                if exercise is None:
                    told = f"use one of {', '.join(played)}" if played else "there is none"
                    problems.append(
                        f"{where}.exercise: {transport.exercise!r} plays no exercise: {told}"
                    )
                else:
                    source = replace(source, transport=transport.of(exercise))
            except ValueError as error:
                problems.append(f"{where}.sensor: {error}")
        bound.append(source)
    if problems:
        raise ConfigError(problems)
    return bound


def _unknown_things(config: Config) -> list[str]:
    """Trackers that are to follow what the node has no word for."""
    usual = TrackerConfig().things
    unusual = [source for source in config.sources if source.tracker.things != usual]
    known = config.ontology.load().schemata if unusual else {}
    return [
        f"source {source.name!r}: tracker.things: {source.tracker.things!r} is no schema; "
        f"use one of {', '.join(sorted(known))}"
        for source in unusual
        if source.tracker.things not in known
    ]


def further_problems(error: ConfigError, feeds: Mapping[str, Feed]) -> list[str]:
    """Return what else is wrong with the sources of a configuration that cannot be used.

    So that whoever mends it is told of everything at once. A source whose table is no table, or
    that lacks its format or its transport, is left out: ``error`` has told of it.
    """
    problems: list[str] = []
    for table in error.sources:
        try:
            resolve_source(_as_far_as_it_goes(table), feeds)
        except ConfigError as further:
            problems += further.problems
        except ValidationError:
            continue
    return problems


def _as_far_as_it_goes(table: Any) -> SourceConfig:
    """A source of what is whole in its table; the label does not matter here."""
    keys = ("format", "transport", "options")
    whole = table if isinstance(table, dict) else {}
    kept = {key: whole[key] for key in keys if key in whole}
    source = SourceConfig.model_validate({"name": "unnamed", **kept})
    return source.model_copy(update={"name": str(whole.get("name", source.name))})


def resolve_source(source: SourceConfig, feeds: Mapping[str, Feed]) -> ResolvedSource:
    """Return one source, ready to start.

    Raises:
        ConfigError: with one line for each mistake.
    """
    problems: list[str] = []
    feed = feeds.get(source.format)
    if feed is None:
        known = ", ".join(sorted(feeds))
        problems.append(f"source {source.name!r}: format: {source.format!r}: use one of {known}")
    transport = _checked(
        lambda: parse_transport(source.transport, ALL_KINDS), source, "transport", problems
    )
    if feed is None:
        raise ConfigError(problems)
    options = _checked(
        lambda: feed.options_model.model_validate(source.options), source, "options", problems
    )
    if transport is None or options is None:
        raise ConfigError(problems)
    return ResolvedSource(source, feed, options, transport)


def _checked(
    parse: Callable[[], Model], source: SourceConfig, table: str, problems: list[str]
) -> Model | None:
    try:
        return parse()
    except ValidationError as error:
        problems += _lines(error, source, table)
    except ValueError as error:
        problems.append(f"source {source.name!r}: {table}.kind: {error}")
    return None


def _lines(error: ValidationError, source: SourceConfig, table: str) -> Iterator[str]:
    for problem in error.errors():
        key = ".".join([table, *(str(step) for step in problem["loc"])])
        yield f"source {source.name!r}: {key}: {explain(problem)}"
