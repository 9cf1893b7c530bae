"""The streams of a node: what is remembered of each, and what follows from it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from alliage.config import Config
from alliage.config_sources import ResolvedSource, resolve_sources
from alliage.config_tracker import TrackerConfig
from alliage.feeds.contract import Feed
from alliage.feeds.intake import Source
from alliage.feeds.sink import StreamDrafts
from alliage.fusion import Sensor
from alliage.fusion.plot_stream import PlotStream, StreamSettings
from alliage.history.changes import ChangeDetector
from alliage.history.claims import ClaimStore
from alliage.log import Log
from alliage.ontology.audience import machine_audience
from alliage.ontology.label import LabelSet


@dataclass(frozen=True, slots=True)
class Stream:
    """A configured source with what is remembered of it."""

    source: Source
    labels: LabelSet
    drafts: StreamDrafts
    replay_pace: float | None

    @property
    def names(self) -> tuple[str, ...]:
        """The source's own stream, and the one of the tracks that follow from it."""
        derived = self.drafts.deriver
        return (self.source.name,) if derived is None else (self.source.name, derived.stream)


class Streams:
    """The configured sources, and whatever else writes rows in streams of its own."""

    def __init__(
        self,
        config: Config,
        feeds: Mapping[str, Feed],
        log: Log,
        claims: ClaimStore,
        subject_of: Callable[[str, str], str],
    ) -> None:
        """Raise ConfigError where a source is not as it must be."""
        self._log = log
        self._claims = claims
        self._subject_of = subject_of
        self._trackers = {source.name: source.tracker for source in config.sources}
        self._configured = [self._stream(one) for one in resolve_sources(config, feeds)]
        self.labels = {stream.source.name: stream.labels for stream in self._configured}
        self.drafts = {stream.source.name: stream.drafts for stream in self._configured}
        replays = (one.source.name for one in self._configured if one.replay_pace is not None)
        self.replays = frozenset(replays)
        """Names of the sources that replay recordings."""
        invented = (one for one in self._configured if one.source.transport.is_exercise)
        self.exercises = frozenset(name for one in invented for name in one.names)
        """Names of the streams of what is invented."""

    @property
    def replayed(self) -> frozenset[str]:
        """Names of all streams of those sources, which begin again at each start."""
        replays = (one for one in self if one.replay_pace is not None)
        return frozenset(name for one in replays for name in one.names)

    def __iter__(self) -> Iterator[Stream]:
        return iter(self._configured)

    def _stream(self, resolved: ResolvedSource) -> Stream:
        name, labels = resolved.config.name, frozenset([resolved.config.to_label()])
        label_set = self._log.label_sets.intern(labels)
        keep, transport = resolved.config.keep_original, resolved.transport
        source = Source(name, resolved.feed, resolved.options, transport, label_set, keep)
        return Stream(source, labels, self.drafts_of(name, labels), resolved.replay_pace)

    def drafts_of(self, stream: str, labels: LabelSet) -> StreamDrafts:
        """What turns a stream's decoded rows into drafts; knows what was claimed before."""
        tracker = self._trackers.get(stream, TrackerConfig())
        deriver = PlotStream(stream, _settings(tracker)) if tracker.enabled else None
        remember = partial(self.changes_of, stream, labels)
        if deriver is None:
            return StreamDrafts(stream, labels, remember)
        derived = partial(self.changes_of, deriver.stream, labels)
        return StreamDrafts(stream, labels, remember, deriver, derived)

    def changes_of(self, stream: str, labels: LabelSet) -> ChangeDetector:
        """What a stream has said so far under these labels."""
        changes = ChangeDetector(stream, self._subject_of)
        claims = self._claims.reader(machine_audience(self._log.label_sets))
        changes.restore(claims.latest_of_stream(stream, self._log.label_sets.intern(labels)))
        return changes


def _settings(config: TrackerConfig) -> StreamSettings:
    sensor = Sensor(
        "sensor",
        detection_probability=config.detection_probability,
        clutter_per_m2=config.clutter_per_km2 / 1e6,
        clutter_per_rad=math.degrees(config.clutter_per_degree),
        max_range_m=config.max_range_m,
    )
    return StreamSettings(sensor, config.to_settings(), config.things, config.every_s)
