"""Names that are one though written differently, and names that are two though nearly alike."""

from __future__ import annotations

import pytest

from alliage.fusion.resolution import MODELS, make_records, resolve
from alliage.fusion.resolution.normal_form import (
    date,
    given_and_family,
    number_sign,
    organisation_name,
    ship_name,
    telephone,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("M/V Baltic Star", "BALTIC STAR"),
        ("M.S. Nordlys", "nordlys"),
        ("HDMS Absalon", "ABSALON"),
        ("Søren Larsen", "SOREN LARSEN"),
        ("Победа", "POBEDA"),
        ("BALTIC III", "BALTIC 3"),
        ("Sea Bird 07", "SEA BIRD 7"),
        ("NORD2", "NORD 2"),
    ],
)
def test_a_ships_name_is_one_however_it_is_written(one: str, other: str) -> None:
    assert ship_name(one) == ship_name(other)


def test_a_ship_that_is_called_like_a_prefix_keeps_her_name() -> None:
    assert ship_name("MS") == "ms"
    assert ship_name("Ms") == "ms"


@pytest.mark.parametrize(
    ("one", "other"), [("Nordkap A/S", "NORDKAP"), ("Smith & Co. Ltd", "Smith and"), ("AG", "ag")]
)
def test_an_organisations_legal_form_is_no_part_of_its_name(one: str, other: str) -> None:
    assert organisation_name(one) == organisation_name(other)


def test_identifiers_that_say_nothing_are_none() -> None:
    assert number_sign("IMO 9074729") == "9074729"
    assert number_sign("0") == ""
    assert date("1971-06") == ""
    assert telephone("+45 33 12 34 56") == telephone("33123456")
    assert given_and_family("Larsen, Anna Maria") == ("Anna Maria", "Larsen")
    assert given_and_family("Anna Maria Larsen") == ("Anna Maria", "Larsen")


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("BALTIC STAR", "MV BALTIC STAR", "same"),
        ("BALTIC STAR", "STAR BALTIC", "same_words"),
        ("BALTIC STAR", "BALTICSTAR", "same_words"),
        ("BALTIC STAR", "BALTIK STAR", "nearly_same"),
        ("BALTIC STAR 1", "BALTIC STAR 2", "other_number"),
        ("BALTIC STAR", "BALTIC STAR II", "other_number"),
    ],
)
def test_names_stand_on_the_level_that_a_reader_would_put_them(
    one: str, other: str, level: str
) -> None:
    model = MODELS["Vessel"]
    a, b = (
        make_records([identifier], {"name": [name], "call_sign": ["OXYZ"]}, model)
        for identifier, name in (("a", one), ("b", other))
    )
    said = {s.field: s for s in resolve(a, b, model, 0.0).evidence(0)}
    assert said["name"].level == level
    assert (said["name"].bits > 0.0) == (level != "other_number")


def test_sisters_with_different_numbers_are_two_ships_and_one_typing_error_leaves_one() -> None:
    model = MODELS["Vessel"]
    mine = {"name": ["ZEPHYR 1"], "mmsi": [219000001], "length_m": [90]}
    sister = {"name": ["ZEPHYR 2"], "mmsi": [219000555], "length_m": [90]}
    herself = {"name": ["M/S ZEPHIR I"], "mmsi": ["219000001"], "length_m": [90.5]}
    a = make_records(["a"], mine, model)
    for columns, expected in ((sister, False), (herself, True)):
        matches = resolve(a, make_records(["b"], columns, model), model, 0.0)
        assert bool(len(matches) and matches.score[0] > 0.99) is expected
