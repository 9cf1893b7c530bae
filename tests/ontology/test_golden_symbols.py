"""Every code that a packaged rule can give, as a table beside this file that the browser draws.

After a change of rules: `python -m tests.ontology.test_golden_symbols` writes the table anew; look
at what changed. `web/src/symbols/golden.test.ts` sees to it that each of them can be drawn.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from alliage.ontology.schema import Ontology
from alliage.ontology.symbol import AFFILIATION_DIGITS, Context

TABLE = Path(__file__).with_name("golden_symbols.json")


def codes(ontology: Ontology) -> dict[str, str]:
    found = {}
    for name, schema in sorted(ontology.schemata.items()):
        found[name] = ontology.sidc(name, {})
        rule = schema.symbol
        for value in rule.entities:
            found[f"{name} {rule.by}={value}"] = ontology.sidc(name, {rule.by or "": value})
    return found


def test_the_symbols_are_those_of_the_table() -> None:
    assert codes(Ontology.load()) == json.loads(TABLE.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("affiliation", "digit"), AFFILIATION_DIGITS.items())
def test_every_kind_takes_its_affiliation_from_what_is_claimed(
    affiliation: str, digit: str
) -> None:
    ontology = Ontology.load()
    for name in ontology.schemata:
        sidc = ontology.sidc(name, {"affiliation": affiliation}, Context.EXERCISE)
        assert (len(sidc), sidc[2], sidc[3]) == (20, "1", digit)


def test_a_packaged_schema_says_in_one_sentence_what_it_is() -> None:
    for schema in Ontology.load().schemata.values():
        assert schema.description is not None, schema.name
        for text in schema.description.values():
            assert text.endswith(".")
            assert text.count(".") == 1


if __name__ == "__main__":
    TABLE.write_text(json.dumps(codes(Ontology.load()), indent=2) + "\n", encoding="utf-8")
