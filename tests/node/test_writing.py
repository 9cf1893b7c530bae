"""What people and programs write outlasts a restart, and comes back as it was."""

from __future__ import annotations

from pathlib import Path

from alliage.access.principal import Principal, Role
from alliage.actions.kinds import AssertProperty, CreateObject, ReportPosition, Retract
from alliage.actions.writer import Writing
from alliage.node import Node
from alliage.ontology.audience import machine_audience
from alliage.ontology.observation import Kind
from alliage.ontology.times import to_text
from alliage.picture.state import TrackState
from tests.node.conftest import LABEL, make_home, opened

ANNA = Principal("anna", "anna", "DNK", "SECRET", frozenset({Role.ANALYST}))


def tracks(node: Node) -> dict[str, TrackState]:
    view = node.picture.view(machine_audience(node.log.label_sets))
    return {track.name or "": track for track in view.tracks_in()}


def test_manual_tracks_drawings_and_retractions_survive_a_restart(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", f"\n[people]\nlabel = {LABEL}\n")
    by_hand, program = Writing(ANNA), Writing(ANNA, "importer")
    with opened(home) as node:
        report = ReportPosition(
            schema="Vessel", latitude_deg=55.0, longitude_deg=11.0, properties={"name": "YACHT"}
        )
        yacht = node.actions.do(by_hand, report)
        renamed = AssertProperty(object_id=yacht.subject, property="name", value="WRONG")
        wrong = node.actions.do(by_hand, renamed)
        node.actions.do(by_hand, Retract(claim_id=wrong.undo[0]))
        place = {"geometry": {"type": "Point", "coordinates": [11, 55]}, "name": "LIGHT"}
        node.actions.do(by_hand, CreateObject(schema="Place", properties=place))
        now = to_text(node.clock.now_us())
        row = {"identifier": "mmsi:219000009", "schema": "Vessel", "valid": now}
        where = {"latitude_deg": 54.0, "longitude_deg": 10.0}
        label = node.config.people.to_label()
        written = node.bulk.observations(program, Kind.POSITION, [{**row, **where}], label)
        assert (written.accepted, written.stream) == (1, "api:anna/importer")
        before = tracks(node)
    with opened(home) as node:
        after = tracks(node)
        assert set(after) == set(before) == {"YACHT", "LIGHT", ""}
        assert after["YACHT"].longitude_deg == 11.0
        assert after["YACHT"].marking == "ALLIAGE UNCLASSIFIED / REL TO DNK"
        assert after[""].latitude_deg == 54.0
        reader = node.claims.reader(machine_audience(node.log.label_sets))
        assert [item.stream for item in reader.geometries()] == ["person:anna"]
        assert list(reader.retractions(list(wrong.undo))) == list(wrong.undo)
