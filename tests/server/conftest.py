"""Fixtures of the server's tests: a small real node, and people signed in to it."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import httpx
import pytest
import structlog

from alliage.server.logs import configure_logs
from tests.server.small_node import (
    FRIO,
    GHOST,
    HIDDEN_STREAM,
    NATIONAL,
    NORD,
    OPEN_STREAM,
    SHARED,
    Ship,
    SmallNode,
)


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallNode]:
    """A node with three ships, one of them hidden from France."""
    node = SmallNode(tmp_path_factory.mktemp("node"))
    node.report(OPEN_STREAM, SHARED, [Ship(FRIO, 11.0, 55.0), Ship(NORD, 12.0, 56.0)])
    node.report(HIDDEN_STREAM, NATIONAL, [Ship(GHOST, 11.5, 55.5), Ship(FRIO, 11.0, 55.0, "SEA1")])
    node.claim(OPEN_STREAM, SHARED, FRIO, name="FRIO", destination="AARHUS")
    node.claim(HIDDEN_STREAM, NATIONAL, GHOST, name="GHOST")
    node.claim(HIDDEN_STREAM, NATIONAL, FRIO, destination="MURMANSK")
    yield node
    node.close()


@pytest.fixture
def anna(node: SmallNode) -> httpx.Client:
    """A Danish administrator, cleared for SECRET."""
    return node.client("anna")


@pytest.fixture
def bent(node: SmallNode) -> httpx.Client:
    """A Danish viewer, cleared for SECRET."""
    return node.client("bent")


@pytest.fixture
def fleur(node: SmallNode) -> httpx.Client:
    """A French analyst, cleared for SECRET, to whom the hidden stream is not releasable."""
    return node.client("fleur")


@pytest.fixture
def stranger(node: SmallNode) -> httpx.Client:
    """Somebody who has not signed in."""
    return node.client()


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the process logs, as JSON lines; everything is put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logs("debug", "json", stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
