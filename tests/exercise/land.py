"""Natural Earth's land (1:10 million), as the basemap's package holds it, for the tests."""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BAND_DEG = 0.05
TOPOLOGY = Path(__file__).parents[2] / "web/node_modules/world-atlas/land-10m.json"


def load_rings(west: float, south: float, east: float, north: float) -> list[NDArray[np.float64]]:
    """Edges of the land of a TopoJSON file near a box, one array a ring.

    Returns:
        Arrays of shape (edges, 4): lon and lat of both ends, in degrees. Edges that no ray from
        the box towards the east can cross are left out.
    """
    topology = json.loads(TOPOLOGY.read_bytes())
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + shift for arc in topology["arcs"]]
    rings = []
    for geometry in topology["objects"]["land"]["geometries"]:
        for polygon in geometry["arcs"]:
            for ring in polygon:
                points = np.concatenate([arcs[n] if n >= 0 else arcs[~n][::-1] for n in ring])
                points[:, 0] = np.unwrap(points[:, 0], period=360)  # across the antimeridian
                points[:, 0] -= 360 * np.round(np.median(points[:, 0]) / 360)
                edges = np.concatenate([points[:-1], points[1:]], axis=1)
                low, high = (
                    np.minimum(edges[:, :2], edges[:, 2:]),
                    np.maximum(edges[:, :2], edges[:, 2:]),
                )
                near = (high[:, 0] >= west) & (high[:, 1] >= south) & (low[:, 1] <= north)
                if near.any() and low[near, 0].min() <= east:
                    rings.append(edges[near])
    return rings


def on_land(points: NDArray[np.float64], rings: list[NDArray[np.float64]]) -> NDArray[np.bool_]:
    """Even-odd rule; ``points`` has shape (n, 2), the result (n,). Works band by band."""
    edges = np.concatenate(rings)
    edges = edges[edges[:, 1] != edges[:, 3]]
    low, high = np.minimum(edges[:, 1], edges[:, 3]), np.maximum(edges[:, 1], edges[:, 3])
    inside = np.zeros(len(points), dtype=np.bool_)
    bands = np.floor(points[:, 1] / BAND_DEG).astype(int)
    for band in np.unique(bands):
        chosen = bands == band
        lon, lat = points[chosen, :1], points[chosen, 1:]
        near = (high >= band * BAND_DEG) & (low <= (band + 1) * BAND_DEG)
        lon0, lat0, lon1, lat1 = edges[near].T
        crosses = (lat0 > lat) != (lat1 > lat)
        east = lon < (lon1 - lon0) * (lat - lat0) / (lat1 - lat0) + lon0
        inside[chosen] = (crosses & east).sum(axis=1) % 2 == 1
    return inside
