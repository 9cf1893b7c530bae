"""Fixtures of the server's tests: a small real node, and people signed in to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from tests.server.small_node import HIDDEN_STREAM, NATIONAL, OPEN_STREAM, SHARED, Ship, SmallNode

FRIO, NORD, GHOST = 219012345, 219000001, 219999999
"""Two ships that everybody may see, and one that only Danes may."""


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
def anna(node: SmallNode) -> TestClient:
    """A Danish administrator, cleared for SECRET."""
    return node.client("anna")


@pytest.fixture
def bent(node: SmallNode) -> TestClient:
    """A Danish viewer, cleared for SECRET."""
    return node.client("bent")


@pytest.fixture
def fleur(node: SmallNode) -> TestClient:
    """A French analyst, cleared for SECRET, to whom the hidden stream is not releasable."""
    return node.client("fleur")


@pytest.fixture
def stranger(node: SmallNode) -> TestClient:
    """Somebody who has not signed in."""
    return node.client()
