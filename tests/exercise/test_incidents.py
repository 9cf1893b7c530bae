"""Incidents: what is told happens, can be seen in the bytes, is over when it is over."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from pyais.stream import IterMessages

from alliage.exercise.incidents import Incident, IncidentKind
from alliage.exercise.motion import Motions
from alliage.exercise.plane import distance_m, offset_m
from alliage.exercise.scenario import Scenario, load_scenario
from alliage.exercise.schedule import InjectError
from alliage.exercise.simulation import SECOND_US, ZERO_US, Simulation
from alliage.exercise.truth import TrueIncident, Truth
from alliage.ontology.times import from_text
from tests.exercise.land import TOPOLOGY, on_land
from tests.exercise.test_waters import judged, rings

START_US = from_text("2026-06-01T12:00:00Z")
DAY_US = 86_400 * SECOND_US
QUIET = load_scenario("baltic").model_copy(update={"incidents": {}})


def quiet(scenario: Scenario = QUIET) -> Simulation:
    return Simulation(scenario, START_US)


@cache
def with_one(kind: IncidentKind) -> tuple[Simulation, Incident, TrueIncident]:
    """A quiet sea on which one thing happens."""
    simulation = quiet()
    incident = simulation.inject(kind, lasts_s=2_400)
    return simulation, incident, Truth(simulation).told(incident)


def heard(simulation: Simulation, from_us: int, seconds: int) -> Iterator[dict[str, Any]]:
    simulation.seek(from_us)
    lines = [line for _ in range(seconds) for line in simulation.step()]
    for message in IterMessages([line.split(b"\\")[2].strip() for line in lines]):
        yield message.decode().asdict()


def reports_of(simulation: Simulation, mmsi: int, from_us: int, seconds: int) -> list[Any]:
    found = heard(simulation, from_us, seconds)
    return [m for m in found if int(m["mmsi"]) == mmsi and m["msg_type"] == 1]


def way(simulation: Simulation, ship: int, times_s: np.ndarray) -> Motions:
    """Where one ship truly is, at several times of one slot."""
    incidents = simulation.schedule.between(times_s[0], times_s[-1])
    ships = np.full(len(times_s), ship)
    return simulation.traffic.at(times_s[0], ships, times_s, incidents).true


@pytest.mark.parametrize("kind", IncidentKind)
def test_a_ship_never_jumps_and_is_on_its_plan_again_in_the_end(kind: IncidentKind) -> None:
    simulation, incident, _ = with_one(kind)
    for ship in incident.ships:
        release_s = incident.release_of(ship)
        times_s = np.arange(incident.start_s - 900, release_s, 10.0)
        motions = way(simulation, ship, times_s)
        steps = zip(motions.lon, motions.lat, motions.lon[1:], motions.lat[1:], strict=False)
        assert max(distance_m((a, b), (c, d)) for a, b, c, d in steps) < 10 * 20
        undisturbed = quiet()
        ends = np.array([incident.start_s - 900, release_s + 1])
        for time_s in ends:
            told, plan = (way(one, ship, np.array([time_s])) for one in (simulation, undisturbed))
            here, there = (told.lon[0], told.lat[0]), (plan.lon[0], plan.lat[0])
            assert distance_m(here, there) < 30


def test_a_ship_that_goes_dark_is_not_heard_but_sails_on() -> None:
    simulation, _incident, told = with_one(IncidentKind.GOES_DARK)
    mmsi = told.mmsis[0]
    middle_us = (told.start_us + told.end_us) // 2
    assert reports_of(simulation, mmsi, told.start_us - 120 * SECOND_US, 60)
    assert not reports_of(simulation, mmsi, middle_us, 60)
    assert reports_of(simulation, mmsi, told.end_us + 30 * SECOND_US, 90)
    assert Truth(simulation).ship(mmsi, middle_us).speed_mps > 2


def test_two_ships_that_meet_lie_alongside_for_a_while() -> None:
    simulation, _incident, told = with_one(IncidentKind.MEETING)
    truth = Truth(simulation)
    apart = []
    for time_us in range(told.start_us, told.end_us, 60 * SECOND_US):
        first, second = (truth.ship(mmsi, time_us) for mmsi in told.mmsis)
        apart.append(distance_m((first.lon, first.lat), (second.lon, second.lat)))
    assert apart[0] > 900
    assert sum(far < 200 for far in apart) >= 20
    assert apart[-1] > 500


def test_a_loiterer_creeps_over_the_cable_it_is_about() -> None:
    simulation, incident, told = with_one(IncidentKind.LOITERS)
    lines = simulation.scenario.infrastructure.lines
    cable = next(line for line in lines if line.name == told.about)
    times_s = np.arange(incident.start_s + 400, incident.end_s - 400, 30.0)
    motions = way(simulation, incident.ship, times_s)
    assert motions.speed_mps.max() < 3.5
    middle = (float(motions.lon[len(times_s) // 2]), float(motions.lat[len(times_s) // 2]))
    legs = zip(cable.waypoints, cable.waypoints[1:], strict=False)
    assert min(_from_leg_m(middle, *leg) for leg in legs) < 4_000


def _from_leg_m(point: Any, begin: Any, end: Any) -> float:
    leg, to = np.array(offset_m(begin, end)), np.array(offset_m(begin, point))
    part = min(max(float(leg @ to / (leg @ leg)), 0.0), 1.0)
    return float(np.hypot(*(to - part * leg)))


def test_a_spoofer_tells_another_place_than_the_one_it_is_at() -> None:
    simulation, _incident, told = with_one(IncidentKind.SPOOFS)
    truth, mmsi = Truth(simulation), told.mmsis[0]
    late_us = told.end_us - 120 * SECOND_US
    state = truth.ship(mmsi, late_us)
    lies = reports_of(simulation, mmsi, late_us, 60)
    assert lies
    assert all(distance_m((m["lon"], m["lat"]), (state.lon, state.lat)) > 8_000 for m in lies)
    honest = reports_of(simulation, mmsi, told.end_us + 60 * SECOND_US, 60)
    state = truth.ship(mmsi, told.end_us + 90 * SECOND_US)
    assert all(distance_m((m["lon"], m["lat"]), (state.lon, state.lat)) < 1_000 for m in honest)


def test_a_drifter_says_that_it_is_not_under_command_and_moves_with_the_sea() -> None:
    simulation, _incident, told = with_one(IncidentKind.DRIFTS)
    mmsi, middle_us = told.mmsis[0], (told.start_us + told.end_us) // 2
    reports = reports_of(simulation, mmsi, middle_us, 400)
    assert {int(m["status"]) for m in reports} == {2}
    assert all(0.3 <= m["speed"] <= 2.0 for m in reports)


def test_a_call_for_help_is_a_text_and_a_beacon() -> None:
    simulation, incident, told = with_one(IncidentKind.DISTRESS)
    messages = list(heard(simulation, told.start_us + 300 * SECOND_US, 200))
    texts = {m["text"] for m in messages if m["msg_type"] == 14}
    assert f"EXERCISE MAYDAY {told.names[0]} MAN OVERBOARD" in texts
    beacons = [m for m in messages if str(m["mmsi"]).startswith("972299")]
    assert {int(m["status"]) for m in beacons if m["msg_type"] == 1} == {14}
    where = incident.beacon(simulation.seconds(told.start_us) + 400)
    assert all(distance_m((m["lon"], m["lat"]), where) < 200 for m in beacons if m["msg_type"] == 1)


def test_every_kind_recurs_and_never_the_same_way() -> None:
    truth = Truth(Simulation(load_scenario("baltic"), START_US))
    found = truth.incidents_between(START_US, START_US + 4 * DAY_US)
    for kind in IncidentKind:
        of_kind = [one for one in found if one.kind is kind]
        assert len(of_kind) >= 15, kind
        assert len({one.start_us % DAY_US for one in of_kind}) == len(of_kind)
        assert len({one.mmsis for one in of_kind}) > len(of_kind) / 2
    assert found == truth.incidents_between(START_US, START_US + 4 * DAY_US)


def test_what_happens_depends_on_nothing_before() -> None:
    late_us = START_US + 90 * DAY_US
    early = Truth(Simulation(load_scenario("baltic"), START_US))
    early.incidents_between(START_US, START_US + DAY_US)
    late = Truth(Simulation(load_scenario("baltic"), late_us))
    assert early.incidents(late_us) == late.incidents(late_us)


def test_no_ship_is_in_two_incidents_at_once() -> None:
    simulation = Simulation(load_scenario("baltic"), START_US)
    now_s = simulation.seconds(START_US)
    busy: dict[int, float] = {}
    for incident in simulation.schedule.between(now_s, now_s + 3 * 86_400):
        for ship in incident.ships:
            assert busy.get(ship, -1e18) <= incident.start_s
            busy[ship] = incident.release_of(ship)


@pytest.mark.skipif(not TOPOLOGY.exists(), reason="the web packages are not installed: make setup")
def test_no_incident_takes_a_ship_ashore() -> None:
    simulation = Simulation(load_scenario("baltic"), START_US)
    now_s = simulation.seconds(START_US)
    points = []
    for incident in simulation.schedule.between(now_s, now_s + 4 * 86_400):
        for ship in incident.ships:
            times_s = np.arange(incident.start_s, incident.release_of(ship), 300.0)
            motions = way(simulation, ship, times_s)
            points.append(np.stack([motions.lon, motions.lat], axis=1))
    places = judged(np.concatenate(points))
    ashore = places[on_land(places, rings())]
    assert not len(ashore), f"on land: {ashore[:10].tolist()}"


def test_an_inject_takes_the_fitting_ship_nearest_to_a_place() -> None:
    place = (11.2, 57.3)
    near = quiet().inject("goes_dark", near=place)
    anywhere = quiet().inject("goes_dark")
    assert distance_m(near.place, place) <= distance_m(anywhere.place, place)
    assert distance_m(near.place, place) < 150_000


def test_what_cannot_be_injected_says_why() -> None:
    simulation = quiet()
    with pytest.raises(InjectError, match="known: goes_dark, meeting"):
        simulation.inject("storm")
    with pytest.raises(InjectError, match="EX NOBODY"):
        simulation.inject("drifts", ship="EX NOBODY")


def test_a_ship_is_injected_once_only() -> None:
    simulation = quiet()
    name = simulation.fleet[simulation.inject("drifts").ship].name
    with pytest.raises(InjectError, match="must be under way"):
        simulation.inject("drifts", ship=name)


def test_injects_of_the_file_happen_at_their_time() -> None:
    scenario = Scenario.model_validate(
        {**QUIET.model_dump(), "injects": [{"at": "+00:10:00", "kind": "goes_dark"}]}
    )
    truth = Truth(Simulation(scenario, START_US))
    assert truth.incidents(START_US + 599 * SECOND_US) == []
    (incident,) = truth.incidents(START_US + 601 * SECOND_US)
    assert incident.start_us == START_US + 600 * SECOND_US
    assert incident.start_us > ZERO_US
