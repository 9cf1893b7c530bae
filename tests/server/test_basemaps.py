"""The node's own basemaps over the API."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from alliage.basemaps.basemap import open_basemap
from alliage.basemaps.settings import PmtilesTiles, TileSettings, XyzTiles
from alliage.ontology.label import Label
from tests.basemaps.support import image, tile_server, write_archive
from tests.server.small_node import NATIONAL, SHARED, SmallNode

BLUE = image(0, 0, 200)


@pytest.fixture(scope="module")
def charted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallNode]:
    """A node with a chart for all, a national one, a lost one and a server's."""
    folder = tmp_path_factory.mktemp("charted")
    archive = PmtilesTiles(path=write_archive(folder / "a.pmtiles", {(0, 0, 0): BLUE}))
    with tile_server() as server:
        server.status = 503
        tiles: list[tuple[str, Label, TileSettings]] = [
            ("chart", SHARED, archive),
            ("national", NATIONAL, archive),
            ("lost", SHARED, PmtilesTiles(path=folder / "none.pmtiles")),
            ("far", SHARED, XyzTiles(url=server.url + "/{z}/{x}/{y}.png")),
        ]
        node = SmallNode(folder)
        for name, label, settings in tiles:
            label_set = node.log.label_sets.intern(frozenset([label]))
            node.basemaps[name] = open_basemap(
                name, name.upper(), "Its makers", label_set, settings
            )
        yield node
        node.close()


def test_each_reader_finds_the_basemaps_that_may_be_seen(charted: SmallNode) -> None:
    names = [one["name"] for one in charted.client("anna").get("/basemaps").json()]
    assert names == ["chart", "national", "lost", "far"]
    names = [one["name"] for one in charted.client("fleur").get("/basemaps").json()]
    assert names == ["chart", "lost", "far"]


def test_a_basemap_says_what_it_is_and_why_it_cannot_be_used(charted: SmallNode) -> None:
    chart, _national, lost, far = charted.client("anna").get("/basemaps").json()
    assert (chart["title"], chart["kind"], chart["max_zoom"]) == ("CHART", "raster", 0)
    assert chart["marking"]["classification"] == "UNCLASSIFIED"
    assert chart["problem"] is None
    assert lost["problem"] == "none.pmtiles cannot be read: No such file or directory"
    assert (far["max_zoom"], far["problem"]) == (18, None)


def test_a_tile_is_kept_by_the_browser_for_its_session_only(charted: SmallNode) -> None:
    answer = charted.client("anna").get("/basemaps/chart/0/0/0")
    assert answer.content == BLUE
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "private, max-age=3600"
    assert "Cookie" in answer.headers["vary"]


def test_a_hidden_basemap_is_answered_as_one_that_is_not_there(charted: SmallNode) -> None:
    fleur = charted.client("fleur")
    hidden, absent = fleur.get("/basemaps/national/0/0/0"), fleur.get("/basemaps/nothing/0/0/0")
    assert hidden.status_code == absent.status_code == 404
    assert hidden.json()["detail"].replace("national", "nothing") == absent.json()["detail"]
    assert charted.client("anna").get("/basemaps/national/0/0/0").status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("chart/1/0/0", 404, "no tile there"),
        ("chart/0/1/0", 404, "no tile there"),
        ("chart/99/0/0", 422, ""),
        ("lost/0/0/0", 503, "none.pmtiles cannot be read"),
        ("far/3/1/2", 503, "127.0.0.1 answers 503"),
    ],
)
def test_a_tile_that_cannot_be_had_says_why(
    charted: SmallNode, path: str, status: int, said: str
) -> None:
    answer = charted.client("anna").get(f"/basemaps/{path}")
    assert answer.status_code == status
    assert said in answer.json()["detail"]


def test_nobody_gets_a_tile_without_signing_in(charted: SmallNode) -> None:
    assert charted.client().get("/basemaps/chart/0/0/0").status_code == 401
