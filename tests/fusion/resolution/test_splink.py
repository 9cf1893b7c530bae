"""Golden: Splink, which compares in SQL what we compare in columns, weighs every pair the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from alliage.fusion.resolution import MODELS, Records, make_records, resolve
from alliage.fusion.resolution.tables import records_of
from alliage.fusion.resolution.training import learned, make_linker
from benchmarks.vessel_names import registers

VESSEL, PERSON = MODELS["Vessel"], MODELS["Person"]


@pytest.fixture(scope="module")
def ships() -> tuple[Records, Records]:
    made = registers(300, 7)
    return records_of(made.one, VESSEL, "id"), records_of(made.other, VESSEL, "id")


def people() -> Records:
    """Some people, with what may be wrong of each column in every way."""
    rows = [
        ("Robert", "Allen", "1971-06-24", "robert255@smith.net", "London"),
        ("Rob", "Allen", "1971-05-24", "roberta25@smith.net", "London"),
        ("Robert", "Alen", "1917-06-24", "robert255@jones.org", None),
        ("Roberto", "Allen", "1971-12-01", None, "Lonon"),
        ("Anna", "Alan", "1971-24-06", "anna@smith.net", "York"),
        (None, "Allen", "1988-06-24", "robert255@smith.net", "London"),
    ]
    names = ("given_name", "family_name", "date_of_birth", "email", "city")
    columns = {name: [row[nth] for row in rows] for nth, name in enumerate(names)}
    return make_records([f"p{n}" for n in range(len(rows))], columns, PERSON)


def agreed(one: Records, other: Records | None, model_name: str) -> int:
    """How many pairs both have scored, after finding every weight the same."""
    model = MODELS[model_name]
    without = replace(
        model, comparisons=tuple(replace(c, by_frequency=False) for c in model.comparisons)
    )
    ours = resolve(one, other, without, 0.0)
    weights = {
        frozenset((x, y)): float(np.log2(s / (1.0 - s))) if s < 1.0 else 60.0
        for x, y, s in ours.pairs()
    }
    rows = make_linker(without, one, other).inference.predict().as_record_list()
    assert rows
    for row in rows:
        pair = frozenset((row["unique_id_l"], row["unique_id_r"]))
        if abs(row["match_weight"]) < 40.0:  # beyond it a probability is one, to the last digit
            assert weights[pair] == pytest.approx(row["match_weight"], abs=1e-3), pair
    return len(rows)


def test_splink_weighs_ships_of_two_registers_as_we_do(ships: tuple[Records, Records]) -> None:
    assert agreed(*ships, "Vessel") > 100


def test_splink_weighs_people_in_one_table_as_we_do() -> None:
    assert agreed(people(), None, "Person") > 5


def test_a_model_learned_from_tables_keeps_what_they_do_not_show(
    ships: tuple[Records, Records],
) -> None:
    model = learned(VESSEL, *ships)
    assert model.prior == pytest.approx(210 / 300**2, rel=0.15)
    found = {c.field: {level.name: level for level in c.levels} for c in model.comparisons}
    assert found["operator_nation"]["same"].u == pytest.approx(1 / 12, rel=0.25)
    assert found["name"]["same"].bits > 5.0 > 0.0 > found["name"]["differs"].bits
    empty = pa.table({"id": ["x", "y"], "name": ["NORD", "SUND"]})
    only = records_of(empty, VESSEL, "id")
    kept = learned(VESSEL, only).comparisons[-1]
    assert kept.levels[0].m == VESSEL.comparisons[-1].levels[0].m
