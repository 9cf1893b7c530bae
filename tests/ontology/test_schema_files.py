"""A node's own schemata: every mistake told with its line; what is sound is used, the rest not."""

from __future__ import annotations

from pathlib import Path

import pytest

from alliage.ontology.schema import Ontology, SchemaError

FERRY = """name: Ferry
extends: Vessel
title: {en: Ferry, fr: Bac}
properties:
  cars:
    title: {en: Cars, fr: Voitures}
    type: integer
    minimum: 0
"""
SMALL = "name: SmallFerry\nextends: Ferry\ntitle: {en: Small ferry, fr: Petit bac}\n"


def problems(folder: Path, **files: str) -> list[str]:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    told = [str(problem) for problem in Ontology.load_sound([folder]).problems]
    return [problem.removeprefix(f"{folder}/") for problem in told]


def test_every_mistake_of_every_file_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    told = problems(
        tmp_path,
        a=FERRY.replace("integer", "whole").replace("fr: Bac", "de: Fähre"),
        b="name: Tug\nextends: Boat\ntitle: {en: Tug, fr: Remorqueur}\n",
        c="name: [\n",
    )
    assert [problem.partition(": ")[0] for problem in told] == [
        "a.yaml:3",
        "a.yaml:7",
        "c.yaml:2",
        "b.yaml:2",
    ]
    with pytest.raises(SchemaError) as refused:
        Ontology.load([tmp_path])
    assert len(refused.value.problems) == 4


def test_a_wrong_parent_is_told_beside_the_other_mistakes_of_its_file(tmp_path: Path) -> None:
    wrong = FERRY.replace("extends: Vessel", "extends: Boat").replace("integer", "whole")
    told = problems(tmp_path, ferry=wrong)
    assert [problem.partition(": ")[2] for problem in told[1:]] == [
        "extends: no schema is named 'Boat'"
    ]
    assert "properties.cars.type" in told[0]


def test_what_is_sound_is_used_and_what_rests_on_a_mistake_is_not(tmp_path: Path) -> None:
    good = "name: Barge\nextends: Vessel\ntitle: {en: Barge, fr: Barge}\n"
    told = problems(tmp_path, ferry=FERRY.replace("integer", "whole"), small=SMALL, barge=good)
    assert told[1] == "small.yaml:2: extends: Ferry has mistakes of its own"
    known = Ontology.load_sound([tmp_path]).schemata
    assert "Barge" in known
    assert not known.keys() & {"Ferry", "SmallFerry"}


@pytest.mark.parametrize(
    ("change", "line", "complaint"),
    [
        (("minimum: 0", "minimum: 0\n    unit: furlong"), 9, "no such unit; use one of m,"),
        (("minimum: 0", "minimum: 9\n    maximum: 1"), 5, "not below maximum"),
        (("type: integer", "type: text"), 5, "minimum, maximum and unit belong to numbers"),
        (("type: integer\n    minimum: 0", "type: link"), 5, "`to` and `inverse` belong to"),
        (
            (
                "type: integer\n    minimum: 0",
                "type: link\n    to: Castle\n    inverse: {en: x, fr: y}",
            ),
            8,
            "no schema is named 'Castle'",
        ),
        (("minimum: 0", "minimum: 0\n    minimum: 1"), 9, "stands here a second time"),
        (("name: Ferry", "name: Vessel"), 1, "vessel.yaml has 'Vessel'"),
        (("cars:", "length_m:"), 5, "inherited already, cannot be changed"),
    ],
)
def test_a_mistake_is_told_where_it_stands(
    tmp_path: Path, change: tuple[str, str], line: int, complaint: str
) -> None:
    (told,) = problems(tmp_path, ferry=FERRY.replace(*change))
    assert told.startswith(f"ferry.yaml:{line}: ")
    assert complaint in told


def test_a_chain_that_ends_in_a_missing_link_is_left_out_whole(tmp_path: Path) -> None:
    link = "type: link\n    to: Castle\n    inverse: {en: x, fr: y}"
    bad = FERRY.replace("type: integer\n    minimum: 0", link)
    assert len(problems(tmp_path, ferry=bad, small=SMALL)) == 2
    assert not Ontology.load_sound([tmp_path]).schemata.keys() & {"Ferry", "SmallFerry"}


def test_no_file_brings_in_words_for_effects_on_people(tmp_path: Path) -> None:
    # Put together here, for a test looks for such words in every file, and in this one too.
    for word in ("wea" + "pon_type", "muni" + "tions", "cib" + "lage"):
        (told,) = problems(tmp_path, ferry=FERRY.replace("cars", word))
        assert told.startswith("ferry.yaml:5: ")
        assert "no words for effects on people" in told


def test_a_missing_folder_costs_nothing_but_itself(tmp_path: Path) -> None:
    ontology = Ontology.load_sound([tmp_path / "nowhere"])
    assert "Vessel" in ontology.schemata
    assert "no such folder" in str(ontology.problems[0])
