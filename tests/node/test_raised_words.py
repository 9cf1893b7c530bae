"""What is raised is not told any more: neither again, nor by what was told of it before."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from alliage.actions.kinds import ActionError, NotAllowedError, RaiseLabel
from alliage.detection import Alert, alert_claim
from alliage.log import Draft
from alliage.log.revisions import REVISIONS_STREAM, Raise
from alliage.ontology.cited import Cited
from alliage.ontology.claim import ANNOTATION, Claim
from alliage.ontology.label import Label
from tests.actions.world import ANNA, FRENCH
from tests.detection.recordings import NOON_US, batch, sail
from tests.node.conftest import make_home, opened
from tests.node.test_detecting import looked_at, told_of
from tests.picture.support import DANISH, OPEN, subject_of

SHIP, AREA = "mmsi:219000001", "area:1"
BOX = [[18.1, 56.9], [18.3, 56.9], [18.3, 57.1], [18.1, 57.1], [18.1, 56.9]]
OUTLINE = json.dumps({"type": "Polygon", "coordinates": [BOX]})


def says(stream: str, identifier: str, schema: str, name: str, value: Any) -> Draft:
    subject = subject_of(stream, identifier)
    claim = Claim(
        f"{identifier} {name} {value}"[:60], subject, identifier, schema, name, value, NOON_US
    )
    return Draft(stream, frozenset([OPEN]), (claim,))


def goes_on(begin: float, end: float) -> list[Draft]:
    """The ship goes east at 8 m/s, towards the bank and onto it, minute by minute."""
    rows = [row for row in sail(0, end, (57.0, 18.0), 8.0, 90.0) if row["valid"] >= at(begin)]
    return [
        Draft("ais", frozenset([OPEN]), batch(rows[first : first + 6]))
        for first in range(0, len(rows), 6)
    ]


def at(second: float) -> int:
    return NOON_US + round(second * 1e6)


@pytest.fixture
def node(tmp_path: Path):
    """A node that has told of a ship on her way to a bank."""
    with opened(make_home(tmp_path / "node")) as node:
        looked_at(node, goes_on(0, 60))
        drafts = [
            says("chart", AREA, "Area", "geometry", OUTLINE),
            says("chart", AREA, "Area", "name", "GREY BANK"),
            says("chart", AREA, "Area", "least_depth_m", 5.0),
            says("ais", SHIP, "Vessel", "draught_m", 8.2),
        ]
        for draft in drafts:
            looked_at(node, [draft])
        looked_at(node, goes_on(60, 400))
        yield node


def texts(node: Any, *labels: Label) -> str:
    told = told_of(node, labels.__contains__)
    return "\n".join(f"{alert.reason_en} {alert.reason_fr}" for alert, _ in told)


def follows(node: Any, before: int) -> None:
    node.machines.detecting.take(node._machine_reader().read(after=before))


def test_a_name_that_is_raised_is_neither_told_again_nor_by_the_alerts_of_before(node: Any) -> None:
    assert "GREY BANK" in texts(node, OPEN)
    before = node.log.last_number
    raised = RaiseLabel(claim_id=f"{AREA} name GREY BANK", label=DANISH)
    node.revising.raise_label(ANNA, raised)
    assert "GREY BANK" not in texts(node, OPEN)
    assert "GREY BANK" in texts(node, OPEN, DANISH)
    follows(node, before)
    looked_at(node, goes_on(400, 460))
    looked_at(node, [says("ais", SHIP, "Vessel", "draught_m", 8.3)])  # as ships say again and again
    looked_at(node, goes_on(460, 1_500))
    assert "GREY BANK" not in texts(node, OPEN)
    assert "is in an area (57.00° N 18.20° E), where 5.0 m are charted" in texts(node, OPEN)


def test_of_reports_that_are_raised_nothing_is_left_in_the_context_that_had_them(node: Any) -> None:
    detecting = node.machines.detecting
    detecting.save(node.log.last_number)
    assert [path.suffix for path in node.home.learned.iterdir()] == [".npz"]
    kinds = ["observations:position"]
    entries = [entry.entry_id for entry in node._machine_reader().read(kinds=kinds)]
    decision = Raise(tuple(entries), frozenset([DANISH]))
    looked_at(node, [Draft(REVISIONS_STREAM, frozenset([OPEN, DANISH]), decision)])
    assert list(node.home.learned.iterdir()) == []
    (engine,) = detecting.contexts().values()
    assert engine.scene.things.count == 0


def test_a_context_that_may_see_it_still_goes_on_as_it_was(node: Any) -> None:
    both = frozenset([OPEN, DANISH])
    looked_at(node, [Draft("radar", both, draft.body) for draft in goes_on(400, 460)])
    kinds = ["observations:position"]
    open_ones = [
        entry.entry_id
        for entry in node._machine_reader().read(kinds=kinds)
        if entry.labels == {OPEN}
    ]
    looked_at(node, [Draft(REVISIONS_STREAM, both, Raise(tuple(open_ones), frozenset([DANISH])))])
    engines = node.machines.detecting.contexts()
    things = {
        node.log.label_sets.labels_of(key.label_set): engine.scene.things.count
        for key, engine in engines.items()
    }
    assert things == {frozenset([OPEN]): 0, both: 1}


CALL = "Call for help of EX ONYX OTTER: she says that she is sinking"


def calls_for_help(node: Any, *ships: str) -> None:
    """A call for help is told once; of several ships in one entry."""
    stream = "detector:distress@1"
    alerts = (
        Alert(
            alert_id=f"{nth:032x}", detector="distress", version=1, identifiers=(ship,),
            streams=("ais",), schema="Vessel", start_us=at(400), end_us=None, told_us=at(400),
            probability=0.9, lat=57.0, lon=18.0, reason_en=CALL, reason_fr=CALL,
            evidence=(("ais", ship, at(400)),), area=AREA, priority=True,
        )
        for nth, ship in enumerate(ships)
    )  # fmt: skip
    claims = tuple(alert_claim(alert, stream, subject_of) for alert in alerts)
    looked_at(node, [Draft(stream, frozenset([OPEN]), claims)])


def calls_seen(node: Any, *labels: Label) -> dict[str, str]:
    """By ship, the text of the newest call for help that these labels let somebody see."""
    told = told_of(node, labels.__contains__)
    return {a.identifiers[0]: a.reason_en for a, _ in told if a.detector == "distress"}


@pytest.mark.parametrize("words", ["e", "EX", "EX ONYX OTTER", CALL])
@pytest.mark.parametrize("identifier", [SHIP, AREA])
def test_a_remark_that_is_raised_takes_no_call_for_help_along(
    node: Any, words: str, identifier: str
) -> None:
    looked_at(node, [says("person:anna", identifier, "Vessel", ANNOTATION, words)])
    calls_for_help(node, SHIP)
    before = texts(node, OPEN)
    claim_id = f"{identifier} {ANNOTATION} {words}"[:60]
    node.revising.raise_label(ANNA, RaiseLabel(claim_id=claim_id, label=DANISH))
    assert calls_seen(node, OPEN) == {SHIP: CALL}
    assert texts(node, OPEN) == before


def test_words_that_others_say_openly_too_are_no_secret_of_an_alert(node: Any) -> None:
    looked_at(node, [says("ais", SHIP, "Vessel", "name", "EX ONYX OTTER")])
    mine = says("person:anna", SHIP, "Vessel", "name", "EX ONYX OTTER ")
    looked_at(node, [mine])
    calls_for_help(node, SHIP)
    (claim,) = mine.body
    node.revising.raise_label(ANNA, RaiseLabel(claim_id=claim.claim_id, label=DANISH))
    assert calls_seen(node, OPEN) == {SHIP: CALL}


def test_a_call_for_help_stays_without_the_name_that_was_raised(node: Any) -> None:
    looked_at(node, [says("ais", SHIP, "Vessel", "name", "EX ONYX OTTER")])
    calls_for_help(node, SHIP, "mmsi:219000002")
    raised = RaiseLabel(claim_id=f"{SHIP} name EX ONYX OTTER", label=DANISH)
    node.revising.raise_label(ANNA, raised)
    stays = CALL.replace("EX ONYX OTTER", SHIP)
    assert calls_seen(node, OPEN) == {SHIP: stays, "mmsi:219000002": CALL}
    assert "EX ONYX OTTER" in texts(node, OPEN, DANISH)
    assert list(node.log.verify())[-1].fault is None


def test_a_call_for_help_that_rests_on_it_is_not_taken_away_by_one_person(node: Any) -> None:
    calls_for_help(node, SHIP, AREA)  # on the area's outline
    for alerts in (False, True):
        raised = RaiseLabel(claim_id=f"{AREA} geometry {OUTLINE}"[:60], label=DANISH)
        with pytest.raises(NotAllowedError, match="a call for help rests on it"):
            node.revising.raise_label(ANNA, replace(raised, with_alerts=alerts))
    assert AREA in calls_seen(node, OPEN)


def test_who_raises_what_alerts_rest_on_is_told_before(node: Any) -> None:
    before = texts(node, OPEN)
    assert "8.2" in before
    raised = RaiseLabel(claim_id=f"{SHIP} draught_m 8.2", label=DANISH)
    with pytest.raises(ActionError, match=f"of the alerts about {SHIP} rest on it") as told:
        node.revising.raise_label(ANNA, raised)
    assert told.value.field == "alerts"
    assert "that you may not see may rest on it" in str(told.value)  # said in every case
    assert texts(node, OPEN) == before
    node.revising.raise_label(ANNA, replace(raised, with_alerts=True))
    assert "8.2" not in texts(node, OPEN)
    assert "8.2" in texts(node, OPEN, DANISH)


def test_of_alerts_that_they_do_not_see_nobody_is_told(node: Any) -> None:
    looked_at(node, [says("chart", "area:2", "Area", "least_depth_m", 3.0)])
    hidden = frozenset([OPEN, FRENCH])  # which a Dane may not see
    stream = "detector:distress@1"
    alert = Alert(
        alert_id="f" * 32, detector="distress", version=1, identifiers=("area:2",),
        streams=("chart",), schema="Area", start_us=at(400), end_us=None, told_us=at(400),
        probability=0.9, lat=57.0, lon=18.0, reason_en=CALL, reason_fr=CALL,
        figures={"least_depth_m": 3.0},
    )  # fmt: skip
    looked_at(node, [Draft(stream, hidden, (alert_claim(alert, stream, subject_of),))])
    node.revising.raise_label(ANNA, RaiseLabel(claim_id="area:2 least_depth_m 3.0", label=DANISH))
    assert calls_seen(node, OPEN, FRENCH) == {}
    assert calls_seen(node, OPEN, FRENCH, DANISH) == {"area:2": CALL}


def test_a_piece_of_a_longer_word_is_not_what_an_alert_tells(node: Any) -> None:
    looked_at(node, [says("person:anna", SHIP, "Vessel", "name", "OTT")])
    calls_for_help(node, SHIP)
    raised = RaiseLabel(claim_id=f"{SHIP} name OTT", label=DANISH)
    node.revising.raise_label(ANNA, raised)
    assert calls_seen(node, OPEN) == {SHIP: CALL}


def off_plan(node: Any, **more: Any) -> None:
    stream, text = "detector:off_plan@1", "EX ONYX OTTER is outside of the corridor of CONVOY"
    alert = Alert(
        alert_id="a" * 32, detector="off_plan", version=1, identifiers=("track:radar-7",),
        streams=("tracker:radar@1",), schema="Vessel", start_us=at(400), end_us=None,
        told_us=at(400), probability=0.9, lat=57.0, lon=18.0, reason_en=text, reason_fr=text,
        area="object:plan", **more,
    )  # fmt: skip
    looked_at(node, [Draft(stream, frozenset([OPEN]), (alert_claim(alert, stream, subject_of),))])


def test_an_alert_goes_along_with_the_claim_by_which_it_was_judged(node: Any) -> None:
    for who in ("person:anna", "person:bert"):
        said = says(who, "object:plan", "Route", "followed_by", SHIP)
        (claim,) = said.body
        claim = replace(claim, claim_id=f"{who} says so")
        looked_at(node, [replace(said, body=(claim,))])
    off_plan(node, claims=(Cited("person:anna", "object:plan", NOON_US, "followed_by"),))
    raised = RaiseLabel(claim_id="person:anna says so", label=DANISH)
    with pytest.raises(ActionError, match="rest on it"):
        node.revising.raise_label(ANNA, raised)
    node.revising.raise_label(ANNA, replace(raised, with_alerts=True))
    assert "CONVOY" not in texts(node, OPEN)
    assert "CONVOY" in texts(node, OPEN, DANISH)


def test_a_track_is_not_told_by_the_name_of_its_ship_once_that_was_raised(node: Any) -> None:
    looked_at(node, [says("ais", SHIP, "Vessel", "name", "EX ONYX OTTER")])
    off_plan(node, called=(SHIP,))
    raised = RaiseLabel(claim_id=f"{SHIP} name EX ONYX OTTER", label=DANISH)
    node.revising.raise_label(ANNA, raised)
    assert "EX ONYX OTTER" not in texts(node, OPEN)
    assert f"{SHIP} is outside of the corridor of CONVOY" in texts(node, OPEN)
