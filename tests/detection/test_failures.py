"""A detector that raises costs what it would have said, and nothing of what others say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import ClassVar

from hypothesis import given, settings
from hypothesis import strategies as st

from alliage.detection import Alert, Detector, Finding, Reports, Scene, make_detectors
from alliage.detection.contract import Reason
from alliage.detection.failures import Failure
from alliage.detection.rules import RuleBook, RuleLooker, RuleVersion, read_rule
from alliage.detection.rules.of_things import Holds
from alliage.detection.rules.rule import kinds_of
from alliage.detection.settings import DetectorSettings
from alliage.detection.things import Rows
from alliage.detection.wording import Words
from alliage.ontology.claim import RULE, Claim
from alliage.ontology.observation import Kind, ObservationBatch
from tests.detection.recordings import NOON_US, ONTOLOGY, SECOND_US, batch, engine
from tests.detection.test_engine import a_drifting_ship


class Brittle:
    """Finds every ship that turns less than it can bear, and fails at the others."""

    name = "brittle"
    version = 1
    title = Reason("Brittle", "Fragile")
    linger_s = 60.0
    settings_type = DetectorSettings

    def __init__(self, settings: DetectorSettings) -> None:
        """With nothing to set."""

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Say what holds, until a ship goes east."""
        for row, course in zip(reports.thing, reports.course_deg, strict=True):
            if course > 45.0:
                raise ValueError("no ship goes east")
            since_us = int(scene.now_us)
            yield Finding((int(row),), since_us, 0.9, Reason("it goes north", "elle va au nord"))


class Broken:
    """A line of a rule that nobody can ask."""

    cost: ClassVar[int] = 0

    def problem(self) -> Words | None:
        """None that is known."""
        return None

    def holds(self, scene: Scene, things: Rows) -> Holds:
        """Fail, of whatever."""
        raise KeyError("broken")

    def words(self) -> Words:
        """``broken``."""
        return "broken", "cassé"


SLOW = RuleVersion(1, "rule Slow\nspeed below 3 kn")


def breaking(book: RuleBook, rule_id: str) -> None:
    """Let the look for this rule fail from now on, until it is said anew."""
    rule = read_rule(SLOW.text, kinds_of(ONTOLOGY))
    book.look_for(RuleLooker(rule_id, SLOW, replace(rule, conditions=(Broken(),))))


def rule_said(version: RuleVersion) -> Claim:
    claim_id = f"rule-{version.version}"
    return Claim(claim_id, "s", "rule:1", "Thing", RULE, version.to_value(), NOON_US)


def beside(*further: Detector) -> Callable[[], Sequence[Detector]]:
    return lambda: [*further, *make_detectors()]


def told(make: Callable[[], Sequence[Detector]], cuts: Sequence[int] = ()) -> list[Alert]:
    of = engine(make)
    rows = batch(a_drifting_ship()).rows
    bounds = [0, *sorted(set(cuts)), rows.num_rows]
    for begin, end in pairwise(bounds):
        of.take("radar", ObservationBatch(Kind.POSITION, rows.slice(begin, end - begin)))
    return of.finish()


def test_the_others_find_what_they_find_without_it() -> None:
    alone = told(make_detectors)
    assert alone
    found = told(beside(Brittle(DetectorSettings())))
    assert [alert for alert in found if alert.detector != "brittle"] == alone
    assert any(alert.detector == "brittle" for alert in found)


def test_it_is_known_how_often_it_failed_and_since_when() -> None:
    of = engine(beside(Brittle(DetectorSettings())))
    rows = a_drifting_ship()
    of.take("radar", batch(rows))
    of.finish()
    [(name, failure)] = of.failures.by_name.items()
    first_us = next(row["valid"] for row in rows if row["course_deg"] == 90.0)
    assert (name, failure.error, failure.times) == ("brittle", "ValueError", 100)
    assert 0 <= failure.since_us - first_us <= 10 * SECOND_US
    assert failure.last_us - failure.since_us == 99 * 30 * SECOND_US


@given(st.lists(st.integers(1, 119), max_size=10))
@settings(max_examples=4, deadline=None)
def test_alerts_beside_a_failing_detector_depend_on_rows_alone(cuts: list[int]) -> None:
    assert told(beside(Brittle(DetectorSettings())), cuts) == told(
        beside(Brittle(DetectorSettings()))
    )


def test_failures_of_two_contexts_are_told_as_one() -> None:
    one = Failure("ValueError", 2, 10, 20)
    other = replace(one, error="KeyError", times=1, since_us=5, last_us=15)
    assert one.joined(other) == other.joined(one) == Failure("ValueError", 3, 5, 20)
    assert one.joined(None) == one


def test_a_rule_that_is_said_anew_has_not_failed_yet() -> None:
    of, rows = engine(list), a_drifting_ship()
    of.say("person:carl", [rule_said(SLOW)])
    breaking(of.rules, "rule:1")
    of.take("radar", batch(rows[:20]))
    of.finish()
    assert of.failures.by_name["rule:1"].error == "KeyError"
    of.say("person:carl", [rule_said(replace(SLOW, version=2))])
    of.take("radar", batch(rows[20:]))
    assert {alert.detector for alert in of.finish()} == {"rule:1"}
    assert of.failures.by_name == {}
