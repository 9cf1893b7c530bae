"""Of a track without a name it is soon sure that it is one of what somebody follows already."""

from __future__ import annotations

from alliage.fusion.correlation import CorrelationSettings, Judgement, PairCorrelator, Verdict
from tests.fusion.correlation.sea import ROUND_S, Ship, Stream, open_sea, watch

ALIGNED = CorrelationSettings(bias_std_m=1.0, time_offset_std_s=0.01)
AIS, RADAR = Stream("ais", noise_m=10.0, seed=1), Stream("track", noise_m=40.0, seed=2)
AT_ANCHOR = {"a": Ship(0.0, 0.0), "b": Ship(20.0, 10.0)}


def correlator() -> PairCorrelator:
    return PairCorrelator(ALIGNED, anonymous=(False, True))


def one_of(said: list[Judgement]) -> list[tuple[str, str]]:
    found = [(one.one, one.other) for one in said if one.verdict is Verdict.ONE_OF]
    return [(track.partition(":")[2], thing.partition(":")[2]) for track, thing in found]


def test_two_tracks_and_two_ships_that_a_radar_cannot_tell_apart_are_two_things() -> None:
    said = watch(correlator(), (AIS, AT_ANCHOR), (RADAR, AT_ANCHOR), 12)
    assert not [one for one in said if one.verdict is Verdict.SAME]
    told = dict(one_of(said))
    assert set(told) == {"a", "b"}
    assert set(told.values()) <= {"a", "b"}
    assert all(one.score >= 0.95 for one in said)


def test_of_two_tracks_beside_one_ship_neither_is_surely_hers() -> None:
    alone = {"a": AT_ANCHOR["a"]}
    assert one_of(watch(correlator(), (AIS, alone), (RADAR, AT_ANCHOR), 12)) == []


def test_it_is_told_at_once_and_not_again_when_they_are_found_to_be_one() -> None:
    ships = open_sea(5, seed=3)
    judge = correlator()
    first = watch(judge, (AIS, ships), (RADAR, ships), 1)
    assert sorted(one_of(first)) == [(name, name) for name in sorted(ships)]
    later = watch(judge, (AIS, ships), (RADAR, ships), 8, begin_s=ROUND_S)
    assert {one.verdict for one in later} == {Verdict.SAME}


def test_a_track_that_goes_its_own_way_is_a_thing_of_its_own_again() -> None:
    judge = correlator()
    watch(judge, (AIS, AT_ANCHOR), (RADAR, AT_ANCHOR), 6)
    gone = {**AT_ANCHOR, "b": Ship(2_000.0, 900.0)}
    said = watch(judge, (AIS, AT_ANCHOR), (RADAR, gone), 6, begin_s=6 * ROUND_S)
    assert ("b", "") in one_of(said)


def test_nothing_of_the_kind_is_said_of_what_has_a_name() -> None:
    judge = PairCorrelator(ALIGNED)
    assert one_of(watch(judge, (AIS, AT_ANCHOR), (RADAR, AT_ANCHOR), 6)) == []
