"""Schemata: what is packaged is sound, what a user adds is checked, and errors say where."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from alliage.ontology.observation import FIXED_COLUMNS, TIME
from alliage.ontology.property import PropertyType
from alliage.ontology.reference import render_reference
from alliage.ontology.schema import Ontology, SchemaError
from alliage.ontology.symbol import Context
from alliage.ontology.tasks import TaskKind


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return Ontology.load()


def test_the_packaged_schemata_are_there_with_what_they_inherit(ontology: Ontology) -> None:
    assert set(ontology.schemata) >= {
        "Thing",
        "Platform",
        "Vessel",
        "Aircraft",
        "Facility",
        "AidToNavigation",
        "Area",
        "Sensor",
        "CoastStation",
    }
    assert ontology.lineage("Vessel") == ["Vessel", "Platform", "Thing"]
    vessel = ontology.schemata["Vessel"].properties
    assert {"name", "call_sign", "mmsi", "ship_type"} <= vessel.keys()
    assert "mmsi" not in ontology.schemata["Platform"].properties


def test_everything_has_a_title_in_both_languages(ontology: Ontology) -> None:
    for schema in ontology.schemata.values():
        titles = [schema.title]
        for prop in schema.properties.values():
            titles += [prop.title, *prop.choices.values()]
        for title in titles:
            assert set(title) == {"en", "fr"}
            assert all(text.strip() for text in title.values())


def test_numbers_with_a_dimension_name_their_unit(ontology: Ontology) -> None:
    for schema in ontology.schemata.values():
        for prop in schema.properties.values():
            if prop.name.endswith("_m"):
                assert prop.unit == "m"


def test_static_types_are_arrow_types(ontology: Ontology) -> None:
    types = ontology.static_types()
    assert types["name"] == pa.utf8()
    assert types["ship_type"] == pa.utf8()
    assert types["mmsi"] == pa.int64()
    assert types["length_m"] == pa.float64()
    assert types["dte_ready"] == pa.bool_()
    assert types["area_from"] == TIME
    assert FIXED_COLUMNS.keys() & types.keys() == {"navigation_status"}


def test_tracks_fade_before_they_end(ontology: Ontology) -> None:
    for schema in ontology.schemata.values():
        assert 0 < schema.staleness.fade_s < schema.staleness.end_s
    assert ontology.schemata["Vessel"].staleness.fade_s > 3 * 180  # three reports at anchor


@pytest.mark.parametrize(
    ("schema", "properties", "sidc"),
    [
        ("Vessel", {}, "10013000001400000000"),
        ("Vessel", {"ship_type": "cargo"}, "10013000001401010000"),
        ("Vessel", {"ship_type": "tanker", "affiliation": "friend"}, "10033000001401090000"),
        ("Vessel", {"ship_type": "fishing", "affiliation": "neutral"}, "10043000001402000000"),
        ("Vessel", {"ship_type": "pilot", "affiliation": "pending"}, "10003000001400000000"),
        ("Vessel", {"ship_type": None, "affiliation": "hostile"}, "10063000001400000000"),
        ("Aircraft", {"aircraft_type": "rotary_wing"}, "10010100001202000000"),
        ("CoastStation", {}, "10012000001212030000"),
        ("AidToNavigation", {}, "10012500002134000000"),
        ("Thing", {"affiliation": "made up"}, "10010000000000000000"),
    ],
)
def test_symbols_follow_the_rules(
    ontology: Ontology, schema: str, properties: dict[str, str | None], sidc: str
) -> None:
    assert ontology.sidc(schema, properties) == sidc


def test_what_is_exercised_says_so_in_its_symbol(ontology: Ontology) -> None:
    real = ontology.sidc("Vessel", {})
    assert ontology.sidc("Vessel", {}, Context.EXERCISE) == real[:2] + "1" + real[3:]


def test_every_symbol_has_twenty_digits(ontology: Ontology) -> None:
    for name, schema in ontology.schemata.items():
        codes = [None, *schema.symbol.entities]
        for code in codes:
            sidc = ontology.sidc(name, {schema.symbol.by or "": code})
            assert len(sidc) == 20
            assert sidc.isdecimal()


FERRY = """
name: Ferry
extends: Vessel
title: {en: Ferry, fr: Bac}
properties:
  passengers_max: {title: {en: Passengers, fr: Passagers}, type: integer}
"""


def test_a_user_s_schema_extends_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "ferry.yaml").write_text(FERRY)
    ontology = Ontology.load([tmp_path])
    ferry = ontology.schemata["Ferry"]
    assert ferry.properties["passengers_max"].type is PropertyType.INTEGER
    assert ferry.staleness == ontology.schemata["Vessel"].staleness
    assert ontology.sidc("Ferry", {"ship_type": "passenger"}) == "10013000001401100000"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("name: [", "not YAML"),
        ("- a", "a schema is a mapping"),
        (FERRY.replace("extends: Vessel", "extends: Boat"), "extends: no schema is named 'Boat'"),
        (FERRY.replace("extends: Vessel", "extends: Ferry"), "extends: a circle"),
        (FERRY.replace("extends: Vessel\n", ""), "staleness: neither given nor inherited"),
        (FERRY.replace("name: Ferry", "name: Vessel"), "name: .*vessel.yaml has 'Vessel'"),
        (FERRY.replace("type: integer", "type: whole"), "properties.passengers_max.type"),
        (FERRY.replace("fr: Passagers", "de: Gäste"), "properties.passengers_max.title"),
        (FERRY.replace("passengers_max", "mmsi"), "properties.mmsi: inherited already"),
        (FERRY.replace("passengers_max", "valid"), "properties.valid: is the name of an obs"),
        (FERRY.replace("type: integer", "type: choice"), "choices belong to"),
        (FERRY.replace("passengers_max", "off_position"), "one name has one type everywhere"),
        (FERRY + "colour: red\n", "colour: is not known here"),
        (FERRY + "staleness: {fade_s: 9, end_s: 5, reason: x}\n", "has to be more than fade_s"),
        (FERRY + "symbol: {symbol_set: 3, entity: '1'}\n", "symbol.symbol_set"),
        (
            FERRY + "symbol: {symbol_set: '30', entity: '140000', by: name}\n",
            "symbol.by: 'name' is no property of type choice",
        ),
        (
            FERRY
            + "symbol: {symbol_set: '30', entity: '140000', by: ship_type, "
            + "entities: {yacht: '140400'}}\n",
            "symbol.entities.yacht: not a choice of ship_type",
        ),
    ],
)
def test_a_schema_that_is_wrong_is_refused_with_file_and_key(
    tmp_path: Path, text: str, complaint: str
) -> None:
    (tmp_path / "ferry.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SchemaError, match=complaint) as refused:
        Ontology.load([tmp_path])
    assert "Ferry" in str(refused.value) or "ferry.yaml" in str(refused.value)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="no such folder"):
        Ontology.load([tmp_path / "nowhere"])


def test_the_reference_page_tells_of_every_schema_and_property(ontology: Ontology) -> None:
    page = render_reference(ontology)
    for name, schema in ontology.schemata.items():
        assert f"## {name}\n" in page
        for prop in schema.properties:
            assert f"`{prop}`" in page
    assert page.count("| `mmsi` |") == 3  # told once where it stands, not where it is inherited


def test_the_kinds_of_task_are_those_of_the_code_and_no_file_adds_one(tmp_path: Path) -> None:
    kinds = Ontology.load().schemata["Task"].properties["task_kind"].choices
    assert set(kinds) == set(TaskKind)
    title = "title: {en: Further, fr: Autre}\n"
    kind = "properties:\n  task_kind: {title: {en: A, fr: B}, type: choice, choices: %s}\n"
    further = kind % "{guard: {en: Guard, fr: Garder}}"
    for text in (f"name: Further\nextends: Task\n{title}",
                 f"name: Further\nextends: Thing\n{title}{further}"):  # fmt: skip
        (tmp_path / "further.yaml").write_text(text, encoding="utf-8")
        with pytest.raises(SchemaError, match="in the code"):
            Ontology.load([tmp_path])
