"""What is told of a source's health: to clients each change, in the log what troubles it."""

from __future__ import annotations

import structlog

from alliage.feeds.health import SourceHealth
from alliage.feeds.intake import Source
from alliage.picture.picture import Picture

_log = structlog.get_logger(__name__)


class SourcesTold:
    """Tells of one node's sources."""

    def __init__(self, picture: Picture) -> None:
        """Clients hear of it by the notices of this picture."""
        self._picture = picture
        self._troubles: dict[str, str | None] = {}  # what each source's log line said last

    def tell(self, source: Source, health: SourceHealth) -> None:
        """Its health has changed."""
        content = {"source": source.name, "state": health.state.value}
        with self._picture.lock:
            self._picture.notices.publish("sources", source.name, content, source.label_set)
        if health.error != self._troubles.get(source.name) and health.error is not None:
            _log.warning("source.trouble", source=source.name, error=health.error)
        self._troubles[source.name] = health.error
