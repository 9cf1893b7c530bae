"""What fails in detection is said on its page, and keeps nobody else from looking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from alliage.detection import DETECTORS, registry
from alliage.detection.row_clock import APART_US
from alliage.detection_context import ContextKey
from alliage.history.claims import ClaimReader
from alliage.log import Draft
from alliage.node import Node
from alliage.ontology.audience import Audience
from alliage.ontology.claim import RULE, Claim
from alliage.ontology.label import Label
from alliage.ontology.times import to_text
from alliage.server.models.incidents import DetectorPage
from alliage.server.models.rules import RuleInfo
from alliage.server.routes.detectors import list_detectors
from alliage.server.routes.rules import list_rules, list_versions
from tests.detection.recordings import NOON_US, batch, report
from tests.detection.test_failures import SLOW, Brittle, breaking
from tests.node.conftest import make_home, opened
from tests.node.test_detecting import drafts_of, looked_at, told_of
from tests.picture.support import DANISH, OPEN


class BrittleZone(Brittle):
    """One that the page of the detectors lists."""

    name = "zone"


def page(node: Node, may_see: Callable[[Label], bool]) -> DetectorPage:
    audience = Audience("reader", may_see, node.log.label_sets)
    return list_detectors(audience, node.services())


def a_rule(rule_id: str, label: Label) -> Draft:
    claim = Claim(f"{rule_id}-1", "s", rule_id, "Thing", RULE, SLOW.to_value(), NOON_US)
    return Draft("person:carl", frozenset([label]), (claim,))


def rules(node: Node, may_see: Callable[[Label], bool]) -> dict[str, RuleInfo]:
    audience = Audience("reader", may_see, node.log.label_sets)
    return {one.rule_id: one for one in list_rules(audience, node.services()).items}


def rules_break(node: Node, where: Callable[[ContextKey], bool], rule_id: str) -> None:
    """Let the look for a rule fail in some of the contexts."""
    for key, engine in node.machines.detecting.contexts().items():
        if where(key):
            breaking(engine.rules, rule_id)


def test_a_failing_detector_is_said_to_those_who_see_the_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [one for one in DETECTORS if one.name != "zone"]
    monkeypatch.setattr(registry, "DETECTORS", (*others, BrittleZone))
    with opened(make_home(tmp_path / "node")) as node:
        looked_at(node, drafts_of({"ais": (DANISH, [(219_000_001, True)])}))
        told = {alert.detector for alert, _ in told_of(node, lambda _label: True)}
        assert told == {"drifting"}
        dane, anybody = page(node, lambda label: label in (OPEN, DANISH)), page(node, OPEN.__eq__)
        failing = {one.name: one.failure for one in dane.items if one.failure is not None}
        assert list(failing) == ["zone"]
        assert failing["zone"].error == "ValueError"
        assert failing["zone"].times > 10
        assert all(one.failure is None for one in anybody.items)


def test_a_context_that_cannot_be_made_is_said_and_the_others_look(tmp_path: Path) -> None:
    with opened(make_home(tmp_path / "node")) as node:
        readable = node.machines.detecting.told

        def told(audience: Audience) -> ClaimReader:
            if audience.sees(node.log.label_sets.intern(frozenset([DANISH]))):
                raise OSError("the claims of this label cannot be read")
            return readable(audience)

        broken = replace(node.machines.detecting, told=told)
        node.machines = replace(node.machines, detecting=broken)
        ships = {"ais": (OPEN, [(219_000_001, True)]), "radar": (DANISH, [(219_000_002, True)])}
        looked_at(node, drafts_of(ships))
        found = {alert.identifiers[0] for alert, _ in told_of(node, lambda _label: True)}
        assert found == {"mmsi:219000001"}
        [left_out] = page(node, lambda label: label in (OPEN, DANISH)).left_out
        assert (left_out.marking.text, left_out.failure.error) == (DANISH.marking, "OSError")
        assert page(node, OPEN.__eq__).left_out == []


class HandClock:
    """Stands still until it is set forward."""

    def __init__(self, now_us: int) -> None:
        self.moment_us = now_us

    def now_us(self) -> int:
        return self.moment_us


def test_a_context_that_could_not_be_made_is_tried_again_and_looks_at_what_came_meanwhile(
    tmp_path: Path,
) -> None:
    """After ten seconds, then after twenty; meanwhile its page says when."""
    with opened(make_home(tmp_path / "node")) as node:
        readable, is_broken = node.machines.detecting.told, [True]
        clock = HandClock(node.clock.now_us())

        def told(audience: Audience) -> ClaimReader:
            if is_broken[0]:
                raise OSError("the claims cannot be read")
            return readable(audience)

        broken = replace(node.machines.detecting, told=told, clock=clock)
        node.machines = replace(node.machines, detecting=broken)
        looked_at(node, drafts_of({"ais": (DANISH, [(219_000_001, True)])}))
        for times, pause_s in ((1, 10), (2, 20)):
            [left_out] = page(node, DANISH.__eq__).left_out
            assert left_out.failure.times == times
            assert left_out.failure.again == to_text(clock.moment_us + pause_s * 1_000_000)
            broken.try_again(node.log.last_number)
            assert page(node, DANISH.__eq__).left_out == [left_out]
            clock.moment_us += pause_s * 1_000_000
            is_broken[0] = times == 1
            broken.try_again(node.log.last_number)
        assert page(node, DANISH.__eq__).left_out == []
        found = {alert.identifiers[0] for alert, _ in told_of(node, DANISH.__eq__)}
        assert found == {"mmsi:219000001"}


def test_a_node_whose_contexts_cannot_be_declared_goes_on(tmp_path: Path) -> None:
    with opened(make_home(tmp_path / "node")) as node:

        def told(_audience: Audience) -> ClaimReader:
            raise OSError("the disk is gone")

        broken = replace(node.machines.detecting, told=told)
        broken.stop()
        broken.follow()


def test_reports_that_come_too_late_are_said_to_those_who_see_them(tmp_path: Path) -> None:
    with opened(make_home(tmp_path / "node")) as node:
        now_us = node.clock.now_us()
        for valid_us in (now_us, now_us - 2 * APART_US):
            row = report(0, lat=55.0, lon=18.0) | {"valid": valid_us, "received": now_us}
            looked_at(node, [Draft("ais", frozenset([DANISH]), batch([row]))])
        (left_out,) = page(node, lambda label: label in (OPEN, DANISH)).left_out
        assert (left_out.failure.error, left_out.failure.times) == ("TooLateError", 1)
        assert page(node, OPEN.__eq__).left_out == []


def test_a_failing_rule_is_said_with_the_rule(tmp_path: Path) -> None:
    drafts = drafts_of({"ais": (OPEN, [(219_000_001, True)])})
    with opened(make_home(tmp_path / "node")) as node:
        looked_at(node, [drafts[0], a_rule("rule:1", OPEN), a_rule("rule:2", OPEN)])
        rules_break(node, lambda _key: True, "rule:1")
        looked_at(node, drafts[1:])
        listed = rules(node, OPEN.__eq__)
        failure = listed["rule:1"].failure
        assert failure is not None
        assert failure.error == "KeyError"
        assert failure.times > 10
        assert failure.since < failure.last
        assert listed["rule:1"].looked_for
        assert listed["rule:2"].failure is None
        audience = Audience("reader", OPEN.__eq__, node.log.label_sets)
        [version] = list_versions("rule:1", audience, node.services())
        assert version.failure == failure


def test_of_reports_that_a_reader_does_not_see_no_rule_fails(tmp_path: Path) -> None:
    """The rule is open, and fails where what is looked at is not."""
    drafts = drafts_of({"ais": (OPEN, [(219_000_001, True)])})
    with opened(make_home(tmp_path / "node")) as node:
        looked_at(node, [drafts[0], a_rule("rule:1", OPEN), a_rule("rule:2", DANISH)])
        rules_break(node, lambda key: key.rules_only, "rule:1")
        looked_at(node, drafts[1:])
        assert rules(node, lambda label: label in (OPEN, DANISH))["rule:1"].failure is not None
        listed = rules(node, OPEN.__eq__)
        assert list(listed) == ["rule:1"]
        assert listed["rule:1"].failure is None
