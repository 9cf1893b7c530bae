"""Watch rules: what their lines say, and what they find."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliage.detection import Alert, Engine
from alliage.detection.rules import FORMS, RuleError, RuleVersion, read_rule
from alliage.detection.rules.rule import kinds_of
from alliage.ontology.claim import RETRACTION, RULE, Claim, Statement
from tests.detection.recordings import (
    NOON_US,
    ONTOLOGY,
    SECOND_US,
    alerts_of,
    batch,
    engine,
    line,
    report,
    sail,
    words,
)

KINDS = kinds_of(ONTOLOGY)
SEA = (57.0, 18.0)
BOX = [[17.9, 56.9], [18.1, 56.9], [18.1, 57.1], [17.9, 57.1], [17.9, 56.9]]
HAVEN = [
    Statement("area:1", "Area", "name", "Haven", NOON_US),
    Statement(
        "area:1", "Area", "geometry", json.dumps({"type": "Polygon", "coordinates": [BOX]}), NOON_US
    ),
]
SLOW = "rule Slow\nspeed below 3 kn"


def said(text: str, version: int = 1, rule: str = "rule:1", **more: bool) -> Claim:
    value = RuleVersion(version, text, **more).to_value()
    return Claim(f"{rule}-{version}", "s", rule, "Thing", RULE, value, NOON_US)


def watching(text: str, features: Iterable[Statement] = ()) -> Engine:
    of = engine(list)
    of.state("chart", features)
    of.say("person:carl", [said(text)])
    return of


def told(
    text: str,
    rows: list[dict[str, Any]],
    features: Iterable[Statement] = (),
    of_ships: Iterable[dict[str, Any]] = (),
) -> list[Alert]:
    of = watching(text, features)
    for one in of_ships:
        of.take("ais", words(**one))
    of.take("ais", batch(sorted(rows, key=lambda row: row["valid"])))
    return alerts_of(of.finish())


def ships(alerts: Iterable[Alert]) -> set[str]:
    return {alert.identifiers[0] for alert in alerts}


def still(identifier: str, seconds: float = 600, **columns: Any) -> list[dict[str, Any]]:
    return sail(0, seconds, SEA, 0.5, 90.0, identifier, **columns)


def fast(identifier: str, seconds: float = 600) -> list[dict[str, Any]]:
    return sail(0, seconds, SEA, 10.0, 90.0, identifier)


# --- text


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("speed below 3 kn", "give the rule a title: `rule …`"),
        ("rule\nspeed below 3 kn", "line 1: give the rule a title: `rule …`"),
        ("rule Nothing", "it needs a condition: with none it would hold of everything"),
        ("rule A\nrule B\nspeed below 3 kn", "line 2: `rule` stands in line 1 already"),
        ("rule A\nspeed beneath 3 kn",
         "line 2: 'speed beneath 3 kn' cannot be read; such a line is `speed below 2.5 kn`"),
        ("rule A\ninsid Haven",
         "line 2: 'insid Haven' cannot be read; such a line is `inside …`"),
        ("rule A\nabout tankr\nspeed below 3 kn",
         "line 2: 'tankr' is no kind of thing or ship: tanker …"),
        ("rule A\nwarp 9",
         "line 2: 'warp 9' cannot be read; the reference has all lines that there are"),
        ("rule A\nspeed below -1 kn", "line 2: a speed is 0 or more"),
        ("rule A\nspeed below 1 kn\nfor 48 h", "line 3: a rule waits for at most 24 hours"),
        ("rule A\non sunday", "line 2: 'sunday' is no day: mon, tue, wed, thu, fri, sat, sun"),
        ("rule A\n" + "x" * 5_000, "longer than 4000 characters"),
    ],
)  # fmt: skip
def test_what_is_no_rule_says_which_line_and_why(text: str, problem: str) -> None:
    with pytest.raises(RuleError) as refused:
        read_rule(text, KINDS)
    assert str(refused.value) == problem
    assert refused.value.problem[0] != refused.value.problem[1]  # and in French


def test_small_and_capital_letters_are_alike_in_the_words_of_a_rule() -> None:
    small = (
        "rule Slow\nabout tanker\nspeed below 3 kn\nor status is at_anchor\non mon, tue\nfor 5 min"
    )
    large = (
        "RULE Slow\nAbout Tanker\nSpeed BELOW 3 KN\nOR Status is At_Anchor\nOn Mon, TUE\nFOR 5 Min"
    )
    one, other = read_rule(small, KINDS), read_rule(large, KINDS)
    assert (one.title, one.kinds, one.conditions, one.lasts_s) == (
        other.title, other.kinds, other.conditions, other.lasts_s,
    )  # fmt: skip


def test_numbers_may_have_a_comma() -> None:
    rows = [*still("mmsi:1"), *fast("mmsi:2")]
    assert ships(told("rule Slow\nspeed below 2,5 kn", rows)) == {"mmsi:1"}


def test_comments_empty_lines_and_spaces_are_for_people() -> None:
    rule = read_rule("# by the night watch\n\n rule   Slow  ships\nspeed  below 3 kn\n", KINDS)
    assert (rule.title, len(rule.conditions)) == ("Slow ships", 1)
    assert [one.number for one in rule.lines] == [3, 4]


def test_the_gaps_of_a_form_take_what_its_fields_allow() -> None:
    for form in FORMS:
        filled = {gap: of.example for gap, of in form.fields.items()}
        assert form.read(form.example) == filled, form.name
        for gap, of in form.fields.items():
            for word in of.choices:
                line = form.template.format(**filled | {gap: word})
                assert form.read(line) == filled | {gap: word}


@given(st.text(max_size=200))
def test_any_text_is_a_rule_or_says_why_not(text: str) -> None:
    titled = f"rule {text}\nspeed below 3 kn"
    with suppress(RuleError):
        assert read_rule(titled, KINDS).title
    with suppress(RuleError):
        assert read_rule(text, KINDS).conditions


# --- what they find


def test_a_rule_finds_the_slow_ship_and_says_so_in_both_languages() -> None:
    (alert,) = told(f"{SLOW}\nfor 5 min", [*still("mmsi:1"), *fast("mmsi:2")])
    assert alert.identifiers == ("mmsi:1",)
    assert alert.detector == "rule:1"
    assert alert.reason_en == "mmsi:1: slower than 3.0 kn, since 12:00:00 UTC (rule “Slow”)"
    french = alert.reason_fr.replace("\u00a0", " ")
    assert french == "mmsi:1 : à moins de 3,0 nd, depuis 12:00:00 UTC (règle « Slow »)"
    assert not alert.priority


def test_what_has_not_lasted_is_not_told() -> None:
    assert told(f"{SLOW}\nfor 20 min", still("mmsi:1")) == []
    stops = [*sail(0, 300, SEA, 0.5, 90, "mmsi:1"), *sail(300, 400, SEA, 9.0, 90, "mmsi:1"),
             *sail(400, 700, SEA, 0.5, 90, "mmsi:1")]  # fmt: skip
    assert told(f"{SLOW}\nfor 6 min", stops) == []


def test_all_lines_have_to_hold() -> None:
    rows = [*still("mmsi:1"), *still("mmsi:2"), *fast("mmsi:3")]
    kinds = [{"identifier": "mmsi:1", "ship_type": "tanker"},
             {"identifier": "mmsi:3", "ship_type": "tanker"}]  # fmt: skip
    assert ships(told(f"{SLOW}\nabout tanker", rows, of_ships=kinds)) == {"mmsi:1"}


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("course from 350 to 10", {"mmsi:1"}),
        ("course from 10 to 350", {"mmsi:2"}),
        ("course from 0 to 360", {"mmsi:1", "mmsi:2"}),
        ("course from 90 to 90", {"mmsi:2"}),
        ("status is moored, at_anchor", {"mmsi:2"}),
        ("altitude below 1000 ft", {"mmsi:1"}),
        ("property length_m above 100", {"mmsi:1"}),
        ("property destination is skagen", {"mmsi:1"}),
        ("property destination is not skagen", set()),
        ("property destination is unknown", {"mmsi:2"}),
        ("link owner to Sund Ferries", {"mmsi:1"}),
        ("between 11:00 and 13:00", {"mmsi:1", "mmsi:2"}),
        ("between 13:00 and 11:00", set()),
        ("on thu", {"mmsi:1", "mmsi:2"}),
        ("on mon, tue", set()),
    ],
)
def test_a_condition_holds_of_what_it_says(condition: str, found: set[str]) -> None:
    rows = [
        report(0, "mmsi:1", lat=57.0, lon=18.0, course_deg=355.0, altitude_m=200.0),
        report(0, "mmsi:2", lat=57.0, lon=18.0, course_deg=90.0, navigation_status="at_anchor"),
    ]
    ferries = [Statement("object:9", "Organisation", "name", "Sund Ferries", NOON_US)]
    kinds = [{"identifier": "mmsi:1", "length_m": 180.0, "destination": "SKAGEN",
              "owner": "object:9"}]  # fmt: skip
    assert ships(told(f"rule One\n{condition}", rows, ferries, kinds)) == found


def test_places_are_found_by_name_and_nothing_holds_of_one_that_nobody_knows() -> None:
    rows = [report(0, "mmsi:1", lat=57.0, lon=18.0), report(0, "mmsi:2", lat=57.0, lon=18.3)]
    cable = line("cable:1", (56.9, 18.29), (57.1, 18.29))
    named = [*HAVEN, cable, Statement("cable:1", "Cable", "name", "Sund cable", NOON_US)]
    assert ships(told("rule In\ninside HAVEN", rows, named)) == {"mmsi:1"}
    assert ships(told("rule Out\noutside Haven", rows, named)) == {"mmsi:2"}
    assert ships(told("rule Near\nwithin 1 nm of Sund cable", rows, named)) == {"mmsi:2"}
    for nowhere in ("inside Nowhere", "outside Nowhere", "within 1 nm of Nowhere"):
        assert told(f"rule No\n{nowhere}", rows, named) == []


def test_others_are_those_of_which_the_rest_holds_and_one_thing_in_two_streams_is_one() -> None:
    slow = [*still("mmsi:1"), *still("mmsi:2"), *fast("mmsi:3")]
    text = "rule Together\nspeed below 3 kn\nat least {} others within 1 nm"
    assert ships(told(text.format(1), slow)) == {"mmsi:1", "mmsi:2"}
    assert told(text.format(2), slow) == []
    of = watching(text.format(1))
    for stream in ("ais", "radar"):
        of.take(stream, batch(still("mmsi:1")))
    assert of.finish() == []


def test_a_rule_about_an_area_counts_objects_and_is_about_the_area() -> None:
    text = "rule Crowded\nat least 2 inside Haven"
    (alert,) = told(text, [*still("mmsi:1"), *still("mmsi:2")], HAVEN)
    assert alert.identifiers == ("area:1",)
    assert alert.schema == "Area"
    assert alert.figures == {"count": 2.0}
    assert "Haven: 2, at least 2" in alert.reason_en
    assert told(text, still("mmsi:1"), HAVEN) == []


def test_an_empty_area_is_told_of_only_where_something_is_heard_nearby() -> None:
    text = "rule Unguarded\nabout law_enforcement\nat most 0 inside Haven"
    assert len(told(text, still("mmsi:1"), HAVEN)) == 1
    far = sail(0, 600, (40.0, 5.0), 1.0, 90.0, "mmsi:1")
    assert told(text, far, HAVEN) == []


def test_silence_is_told_of_only_while_its_stream_is_heard() -> None:
    text = "rule Gone\nsilent for 20 min"
    goes_on = sail(0, 2_400, SEA, 5.0, 90.0, "mmsi:2")
    assert ships(told(text, [*still("mmsi:1", 300), *goes_on])) == {"mmsi:1"}
    of = watching(text)
    of.take("radar", batch(still("mmsi:1", 300)))
    of.take("ais", batch(goes_on))
    assert of.finish() == []


def test_one_object_in_two_streams_is_told_once_by_its_name() -> None:
    of = watching(SLOW)
    of.take("ais", words("mmsi:1", name="FRIO"))
    of.take("ais", batch(still("mmsi:1", 5)))
    of.take("radar", batch(still("track:7", 5)))
    of.scene.things.join({"mmsi:1": "mmsi:1", "track:7": "mmsi:1"})
    of.take("ais", batch(sail(10, 120, SEA, 0.5, 90.0, "mmsi:1")))
    of.take("radar", batch(sail(120, 240, SEA, 0.5, 90.0, "track:7")))
    (alert,) = alerts_of(of.finish())
    assert alert.identifiers == ("mmsi:1",)
    assert alert.reason_en.startswith("FRIO: slower than")


# --- versions


def test_the_newest_version_stands_and_one_taken_back_gives_way_to_the_one_before() -> None:
    of = watching(SLOW)
    faster = said("rule Fast\nspeed above 3 kn", version=2)
    of.say("person:bent", [faster])
    of.take("ais", batch([*still("mmsi:1", 60), *fast("mmsi:2", 60)]))
    assert ships(of.finish()) == {"mmsi:2"}
    back = Claim("r", "s", "rule:1", "Thing", RETRACTION, faster.claim_id, NOON_US)
    of.say("person:bent", [back])
    later = [
        row | {"valid": row["valid"] + 900 * SECOND_US}
        for row in [*still("mmsi:1", 60), *fast("mmsi:2", 60)]
    ]
    of.take("ais", batch(later))
    began = [alert for alert in of.finish() if alert.end_us is None]
    assert ships(began) == {"mmsi:1"}


@pytest.mark.parametrize("more", [{"on": False}, {"gone": True}])
def test_a_rule_that_is_off_or_put_away_finds_nothing(more: dict[str, bool]) -> None:
    of = watching(SLOW)
    of.say("person:carl", [said(SLOW, version=2, **more)])
    of.take("ais", batch(still("mmsi:1")))
    assert of.finish() == []


@given(st.integers(1, 60))
def test_what_a_rule_finds_does_not_depend_on_how_rows_were_cut(step: int) -> None:
    rows = sorted([*still("mmsi:1", 120), *fast("mmsi:2", 120)], key=lambda row: row["valid"])
    whole, cut = watching(f"{SLOW}\nfor 1 min"), watching(f"{SLOW}\nfor 1 min")
    whole.take("ais", batch(rows))
    for begin in range(0, len(rows), step):
        cut.take("ais", batch(rows[begin : begin + step]))
    assert cut.finish() == whole.finish()


def test_a_place_that_is_a_point_has_things_near_it() -> None:
    point = json.dumps({"type": "Point", "coordinates": [18.0, 57.0]})
    place = [
        Statement("place:1", "Place", "name", "Light", NOON_US),
        Statement("place:1", "Place", "geometry", point, NOON_US),
    ]
    rows = [report(0, "mmsi:1", lat=57.0, lon=18.01), report(0, "mmsi:2", lat=57.0, lon=18.3)]
    assert ships(told("rule Near\nwithin 1 nm of Light", rows, place)) == {"mmsi:1"}


def test_of_lines_that_are_joined_by_or_one_is_enough() -> None:
    rows = [
        *sail(0, 120, SEA, 1.0, 90.0, "mmsi:1"),
        *sail(0, 120, (56.0, 18.0), 12.0, 90.0, "mmsi:2"),
        *sail(0, 120, (55.0, 18.0), 6.0, 90.0, "mmsi:3"),
        *sail(0, 120, (54.0, 18.0), 6.0, 200.0, "mmsi:4"),
        *sail(0, 120, (53.0, 18.0), 1.0, 200.0, "mmsi:5", altitude_m=900.0),
    ]
    text = "rule R\nspeed below 3 kn\nor speed above 20 kn\nor inside Haven\ncourse from 0 to 180"
    alerts = told(text, rows, HAVEN)
    assert {alert.identifiers[0] for alert in alerts} == {"mmsi:1", "mmsi:2"}
    first = alerts[0]
    assert "slower than 3.0 kn or faster than 20.0 kn or inside Haven" in first.reason_en
    assert "à moins de 3,0 nd ou à plus de 20,0 nd ou dans Haven" in first.reason_fr


def test_times_of_day_may_be_joined_by_or_and_only_so() -> None:
    night = "rule R\nbetween 22:00 and 02:00"
    assert len(read_rule(f"{night}\nor between 11:00 and 13:00", KINDS).conditions) == 1
    with pytest.raises(RuleError, match="stands in line 2 already"):
        read_rule(f"{night}\nbetween 11:00 and 13:00", KINDS)
    slow = sail(0, 120, SEA, 1.0, 90.0)
    assert len(told(f"{night}\nor between 11:00 and 13:00", slow)) == 1
    assert told(night, slow) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("or speed below 3 kn", 2),
        ("speed below 3 kn\nor silent for 10 min", 3),
        ("silent for 10 min\nor speed below 3 kn", 3),
        ("speed below 3 kn\nor at least 3 others within 2 nm", 3),
        ("speed below 3 kn\nor at least 3 inside Haven", 3),
        ("speed below 3 kn\nor for 10 min", 3),
        ("speed below 3 kn\nfor 10 min\nor speed above 20 kn", 4),
        ("speed below 3 kn\nor about tanker", 3),
    ],
)
def test_or_joins_two_conditions_on_a_thing_and_nothing_else(text: str, line: int) -> None:
    with pytest.raises(RuleError, match="`or` joins") as found:
        read_rule(f"rule R\n{text}", KINDS)
    assert found.value.line == line


@pytest.mark.parametrize("before", ["", "about tanker\n", "for 10 min\n"])
def test_or_with_nothing_to_join_says_that_there_is_none_before_it(before: str) -> None:
    with pytest.raises(RuleError, match="begin this line without `or`"):
        read_rule(f"rule R\n{before}or speed below 3 kn", KINDS)


def test_what_a_rule_says_of_a_thing_has_titles_and_no_codes() -> None:
    text = (
        "rule R\nstatus is at_anchor, moored\nproperty ship_type is not tanker\n"
        "property length_m above 100\nfor 1 min"
    )
    rows = still("mmsi:1", navigation_status="at_anchor")
    of_ship = {"identifier": "mmsi:1", "ship_type": "cargo", "length_m": 120.0}
    (alert,) = told(text, rows, of_ships=[of_ship])
    assert "status at anchor, moored, " in alert.reason_en
    assert "statut au mouillage, amarré, " in alert.reason_fr
    assert "type of ship is not tanker, " in alert.reason_en
    assert "above 100 m" in alert.reason_en
    assert "_" not in alert.reason_en + alert.reason_fr


@given(st.lists(st.sampled_from(["speed below 3 kn", "speed above 8 kn", "course from 0 to 90"]),
                min_size=1, max_size=5), st.randoms())  # fmt: skip
def test_the_order_of_lines_that_are_joined_by_or_does_not_matter(
    lines: list[str], dice: random.Random
) -> None:
    rows = [
        *sail(0, 60, SEA, 1.0, 90.0, "mmsi:1"),
        *sail(0, 60, (56.0, 18.0), 12.0, 200.0, "mmsi:2"),
        *sail(0, 60, (55.0, 18.0), 3.0, 200.0, "mmsi:3"),
    ]
    other = dice.sample(lines, len(lines))
    found = [told("rule R\n" + "\nor ".join(some), rows) for some in (lines, other)]
    assert {a.identifiers for a in found[0]} == {a.identifiers for a in found[1]}
