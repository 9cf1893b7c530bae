"""Makes src/alliage/exercise/routes.json: sea routes between the exercise's ports.

Run it in the repository's root after `ports.yaml` has changed: `python -m scripts.exercise_routes`.
It needs the development packages (searoute, scipy) and the web packages (Natural Earth's land).

The way of a ship is the cheapest one over a grid of one kilometre that holds water only: open
water is cheaper than water near the coast, and the lanes of searoute's network (which is coarse,
crosses islands, and so is not followed blindly) are cheapest. Straightened, it becomes a few
points, each with its *room*: metres to either side that are water.
"""

from __future__ import annotations

import json
import math
from importlib import resources
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, label
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import dijkstra

from tests.exercise.land import load_rings

ROOM = Path("src/alliage/exercise")
WEST, SOUTH, EAST, NORTH = 3.0, 53.0, 30.0, 66.0
STEP_LON, STEP_LAT = 0.02, 0.01
CELL_M = 1112.0
SAFE = 0.8
"""Part of the measured clearance that counts: cells are narrower in the north of the area."""

ROOM_CAP_M = 20_000
APART_M = 1_800
"""Points nearer to a port than this are left out, or a ship would turn sharply there."""
LANE_M = 5_000
NEAREST = 3
"""How many of its nearest neighbours every port is linked to."""

Cell = tuple[int, int]
Point = tuple[float, float]


def main() -> None:
    """Write routes.json."""
    data = yaml.safe_load((ROOM / "ports.yaml").read_text())
    ports = data["ports"]
    clearance = clearance_m(water(data["closed"].values()))
    cost = clearance_cost(clearance) * np.where(near_lanes(), 0.75, 1.0)
    graph = grid_graph(clearance > 0, cost)
    cells = {name: nearest_cell(port["position"], clearance) for name, port in ports.items()}
    routes: dict[str, list[list[float]]] = {}
    searches = {name: search(graph, cells[name], clearance.shape) for name in ports}
    for here, there in links(ports, {name: found[0] for name, found in searches.items()}, cells):
        way = trace(searches[here][1], cells[there], clearance.shape)
        points = straighten(way, clearance, cost)
        ends = tuple(ports[here]["position"]), tuple(ports[there]["position"])
        between = [point for point in points if min(length_m(point, end) for end in ends) > APART_M]
        routes[f"{here} {there}"] = with_room([ends[0], *between, ends[1]], clearance)
        print(here, there, len(routes[f"{here} {there}"]), flush=True)
    lines = [f"{json.dumps(name)}: {json.dumps(points)}" for name, points in routes.items()]
    (ROOM / "routes.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


def water(closed: list[list[float]]) -> NDArray[np.bool_]:
    """Whether the middle of each cell is water that is not closed; shape (rows, columns)."""
    rows, columns = round((NORTH - SOUTH) / STEP_LAT), round((EAST - WEST) / STEP_LON)
    land = np.zeros((rows, columns), bool)
    edges = np.concatenate(load_rings(WEST - 30, SOUTH, EAST + 30, NORTH))
    for row in range(rows):
        lat = SOUTH + (row + 0.5) * STEP_LAT
        lon0, lat0, lon1, lat1 = edges[(edges[:, 1] > lat) != (edges[:, 3] > lat)].T
        crossings = np.sort(lon0 + (lon1 - lon0) * (lat - lat0) / (lat1 - lat0))
        middles = WEST + (np.arange(columns) + 0.5) * STEP_LON
        land[row] = (len(crossings) - np.searchsorted(crossings, middles)) % 2 == 1
    for west, south, east, north in closed:
        (row0, column0), (row1, column1) = cell_of((west, south)), cell_of((east, north))
        land[row0:row1, column0:column1] = True
    parts, _ = label(~land, np.ones((3, 3)))
    sea: NDArray[np.bool_] = parts == np.argmax(np.bincount(parts[parts > 0]))
    return sea


def clearance_m(is_water: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Metres from each cell to the nearest land, less one cell."""
    far = distance_transform_edt(is_water) * CELL_M * SAFE - CELL_M / 2
    found: NDArray[np.float64] = np.where(is_water, np.maximum(far, 1.0), 0.0)
    return found


def clearance_cost(clearance: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much dearer a metre is near the coast."""
    return np.interp(clearance, [0, 1_500, 4_000, 9_000], [5.0, 2.5, 1.3, 1.0])


def near_lanes() -> NDArray[np.bool_]:
    """Cells close to a lane of searoute's network."""
    found = np.ones((round((NORTH - SOUTH) / STEP_LAT), round((EAST - WEST) / STEP_LON)), bool)
    text = (resources.files("searoute") / "data" / "marnet_searoute.geojson").read_text()
    for feature in json.loads(text)["features"]:
        lines = feature["geometry"]["coordinates"]
        lines = lines if isinstance(lines[0][0], list) else [lines]
        for here, there in (leg for line in lines for leg in pairwise(p[:2] for p in line)):
            if abs(here[0] - there[0]) > 20:
                continue
            steps = max(2, math.ceil(math.dist(here, there) / (STEP_LAT / 2)))
            for lon, lat in np.linspace(here, there, steps):
                if WEST < lon < EAST and SOUTH < lat < NORTH:
                    found[cell_of((lon, lat))] = False
    near: NDArray[np.bool_] = distance_transform_edt(found) * CELL_M < LANE_M
    return near


def grid_graph(is_water: NDArray[np.bool_], cost: NDArray[np.float64]) -> csr_matrix:
    """Eight neighbours; the weight of a step is its length times the mean cost."""
    rows, columns = is_water.shape
    number = np.arange(rows * columns).reshape(rows, columns)
    lats = np.radians(SOUTH + (np.arange(rows) + 0.5) * STEP_LAT)
    width_m = (np.cos(lats) * STEP_LON * 111_195)[:, None]
    parts = []
    for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
        a = (slice(0, rows - down), slice(max(0, -right), columns - max(0, right)))
        b = (slice(down, rows), slice(max(0, right), columns + min(0, right)))
        both = is_water[a] & is_water[b]
        length_m = np.hypot(width_m[: rows - down] * abs(right), STEP_LAT * 111_195 * down)
        weight = (cost[a] + cost[b]) / 2 * length_m
        parts.append((number[a][both], number[b][both], weight[both]))
    i, j, weights = (np.concatenate(part) for part in zip(*parts, strict=True))
    return coo_matrix((weights, (i, j)), shape=(number.size, number.size)).tocsr()


def search(graph: csr_matrix, start: Cell, shape: Cell) -> tuple[NDArray[Any], NDArray[Any]]:
    """Cost of every cell from the start, and the cell before it on the way."""
    number = start[0] * shape[1] + start[1]
    costs, before = dijkstra(graph, directed=False, indices=number, return_predecessors=True)
    return costs, before


def trace(before: NDArray[Any], end: Cell, shape: Cell) -> list[Cell]:
    """Cells from the start of a search to ``end``."""
    way, number = [], end[0] * shape[1] + end[1]
    while number >= 0:
        way.append(divmod(int(number), shape[1]))
        number = before[number]
    if len(way) < 2:
        raise SystemExit(f"no way to {point_of(end)}: is it in closed waters?")
    return way[::-1]


def links(
    ports: dict[str, Any], costs: dict[str, NDArray[Any]], cells: dict[str, Cell]
) -> list[tuple[str, str]]:
    """Pairs of ports that have a route: hubs with each other, all with their nearest."""
    columns = round((EAST - WEST) / STEP_LON)
    found = {ordered(*pair) for pair in combinations([p for p in ports if ports[p].get("hub")], 2)}
    for here in ports:

        def far(there: str, here: str = here) -> float:
            return float(costs[here][cells[there][0] * columns + cells[there][1]])

        others = sorted((p for p in ports if p != here), key=far)
        near = [p for p in others if far(p) > 40_000][:NEAREST]
        hubs = [p for p in others if ports[p].get("hub") and p not in near and far(p) > 40_000][:2]
        found |= {ordered(here, there) for there in near + hubs}
    return sorted(found)


def ordered(here: str, there: str) -> tuple[str, str]:
    """The one pair that stands for both directions."""
    return (here, there) if here < there else (there, here)


def straighten(way: list[Cell], clearance: NDArray[Any], cost: NDArray[Any]) -> list[Point]:
    """Fewer points: a straight line may replace cells where it is about as cheap and as clear."""
    points = [point_of(cell) for cell in way]
    marks = np.concatenate([[0], np.cumsum([leg_cost(a, b, cost) for a, b in pairwise(points)])])
    lowest = [clearance[cell] for cell in way]
    kept, start = [points[0]], 0
    while start < len(points) - 1:
        reach, stride = start + 1, 64
        while stride:
            end = min(reach + stride, len(points) - 1)
            along = samples(points[start], points[end])
            clear = min(clearance[cell_of(p)] for p in along)
            fine = clear >= 0.7 * min(lowest[start : end + 1])
            if fine and leg_cost(points[start], points[end], cost) <= 1.01 * (
                marks[end] - marks[start]
            ):
                reach = end if end > reach else reach
                stride = (
                    stride if end < len(points) - 1 and end == reach and stride > 1 else stride // 2
                )
                if end == len(points) - 1:
                    break
            else:
                stride //= 2
        kept.append(points[reach])
        start = reach
    return kept


def with_room(points: list[Point], clearance: NDArray[Any]) -> list[list[float]]:
    """Points with the metres that are free on either side of the way near them."""
    dense = [points[0]]
    for here, there in pairwise(points):
        dense += split(here, there, clearance)
    legs = [clear_m(a, b, clearance) for a, b in pairwise(dense)]
    rooms = [min(pair) for pair in zip([legs[0], *legs], [*legs, legs[-1]], strict=True)]
    rooms[0] = rooms[-1] = 0.0
    return [
        [round(lon, 3), round(lat, 3), int(min(room, ROOM_CAP_M) // 100 * 100)]
        for (lon, lat), room in zip(dense, rooms, strict=True)
    ]


def split(here: Point, there: Point, clearance: NDArray[Any]) -> list[Point]:
    """Cut a leg where its ends have far more room than its narrowest place."""
    room = clear_m(here, there, clearance)
    widest = max(clearance[cell_of(here)], clearance[cell_of(there)])
    if length_m(here, there) < 6_000 or room > 0.55 * min(widest, ROOM_CAP_M):
        return [there]
    middle = ((here[0] + there[0]) / 2, (here[1] + there[1]) / 2)
    return [*split(here, middle, clearance), *split(middle, there, clearance)]


def clear_m(here: Point, there: Point, clearance: NDArray[Any]) -> float:
    """The least clearance on a straight leg."""
    return float(min(clearance[cell_of(point)] for point in samples(here, there)))


def leg_cost(here: Point, there: Point, cost: NDArray[Any]) -> float:
    """What a straight leg costs."""
    along = samples(here, there)
    return float(np.mean([cost[cell_of(point)] for point in along])) * length_m(here, there)


def samples(here: Point, there: Point) -> NDArray[np.float64]:
    """Points on a straight leg, half a cell apart."""
    return np.linspace(here, there, max(2, math.ceil(length_m(here, there) / (CELL_M / 2))))


def length_m(here: Point, there: Point) -> float:
    """Metres, flat."""
    shrink = math.cos(math.radians((here[1] + there[1]) / 2))
    return math.hypot((there[0] - here[0]) * shrink, there[1] - here[1]) * 111_195


def nearest_cell(position: Point, clearance: NDArray[Any]) -> Cell:
    """The nearest cell that belongs to the sea and has some room."""
    row, column = cell_of(position)
    near = [
        (math.hypot(r - row, c - column), (r, c))
        for r in range(row - 12, row + 13)
        for c in range(column - 12, column + 13)
        if 0 <= r < clearance.shape[0] and 0 <= c < clearance.shape[1] and clearance[r, c] > 300
    ]
    if not near:
        raise SystemExit(f"no water near {position}: is it in closed waters?")
    return min(near)[1]


def cell_of(point: Point) -> Cell:
    """Row and column of the cell that holds a point."""
    row, column = int((point[1] - SOUTH) / STEP_LAT), int((point[0] - WEST) / STEP_LON)
    rows, columns = round((NORTH - SOUTH) / STEP_LAT), round((EAST - WEST) / STEP_LON)
    return min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)


def point_of(cell: Cell) -> Point:
    """The middle of a cell."""
    return WEST + (cell[1] + 0.5) * STEP_LON, SOUTH + (cell[0] + 0.5) * STEP_LAT


if __name__ == "__main__":
    main()
