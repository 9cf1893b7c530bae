"""What fails in detection is said on its page, and keeps nobody else from looking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from alliage.detection import DETECTORS, registry
from alliage.detection.row_clock import APART_US
from alliage.history.claims import ClaimReader
from alliage.log import Draft
from alliage.node import Node
from alliage.ontology.audience import Audience
from alliage.ontology.label import Label
from alliage.server.models.incidents import DetectorPage
from alliage.server.routes.detectors import list_detectors
from tests.detection.recordings import batch, report
from tests.detection.test_failures import Brittle
from tests.node.conftest import make_home, opened
from tests.node.test_detecting import drafts_of, looked_at, told_of
from tests.picture.support import DANISH, OPEN


class BrittleZone(Brittle):
    """One that the page of the detectors lists."""

    name = "zone"


def page(node: Node, may_see: Callable[[Label], bool]) -> DetectorPage:
    audience = Audience("reader", may_see, node.log.label_sets)
    return list_detectors(audience, node.services())


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
