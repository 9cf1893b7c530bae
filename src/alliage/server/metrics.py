"""Prometheus metrics of the server itself, and of the sources that one audience sees.

The server's own figures (requests, clients, bytes sent) rise with what everybody is sent and does,
hidden or not: they are for whoever runs the machine, and no audience gets them. Figures about
sources are made at each scrape for the reader's audience: a source that is hidden from the reader
has no sample and adds to no total.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from alliage.server.models.sources import SourceInfo

_BUCKETS_S = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class ServerMetrics:
    """Counters of one server, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._seconds = Histogram(
            "alliage_http_request_seconds",
            "Time to answer HTTP requests.",
            ["method", "route", "status"],
            buckets=_BUCKETS_S,
            registry=self.registry,
        )
        self.clients = Gauge(
            "alliage_picture_clients", "Open picture WebSockets.", registry=self.registry
        )
        self.sent_bytes = Counter(
            "alliage_picture_sent_bytes", "Bytes sent to picture clients.", registry=self.registry
        )
        self.sign_ins = Counter(
            "alliage_sign_ins", "Sign-in attempts.", ["outcome"], registry=self.registry
        )

    def observe_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        self._seconds.labels(method, route, str(status)).observe(seconds)

    def render(self) -> bytes:
        """Return these figures as Prometheus text; nothing in it is about a source."""
        return generate_latest(self.registry)


def source_figures(sources: Sequence[SourceInfo]) -> bytes:
    """Return figures of the sources that an audience sees as Prometheus text."""
    registry = CollectorRegistry()
    registry.register(_Sources(sources))
    return generate_latest(registry)


class _Sources(Collector):
    """The state of some sources as Prometheus families."""

    def __init__(self, sources: Sequence[SourceInfo]) -> None:
        self._sources = sources

    def collect(self) -> Iterable[Metric]:
        accepted = CounterMetricFamily(
            "alliage_source_reports", "Reports that became rows.", labels=["source"]
        )
        duplicates = CounterMetricFamily(
            "alliage_source_duplicates", "Reports known already.", labels=["source"]
        )
        quarantined = CounterMetricFamily(
            "alliage_source_quarantined", "Reports refused.", labels=["source", "reason"]
        )
        reconnects = CounterMetricFamily(
            "alliage_source_reconnects", "Connections made again.", labels=["source"]
        )
        age = GaugeMetricFamily(
            "alliage_source_age_seconds", "Since bytes last came in.", labels=["source"]
        )
        state = GaugeMetricFamily(
            "alliage_source_state", "1 for the state it is in.", labels=["source", "state"]
        )
        for source in self._sources:
            accepted.add_metric([source.name], source.accepted)
            duplicates.add_metric([source.name], source.duplicates)
            reconnects.add_metric([source.name], source.reconnects)
            state.add_metric([source.name, source.state], 1)
            for reason, count in source.quarantined_by_reason.items():
                quarantined.add_metric([source.name, reason], count)
            if source.age_s is not None:
                age.add_metric([source.name], source.age_s)
        return [accepted, duplicates, quarantined, reconnects, age, state]
