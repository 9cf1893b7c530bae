"""A source that surely lies off the others is told, and nobody who may not be the one."""

from __future__ import annotations

from collections.abc import Iterator

from alliage.detection import Alert, Engine
from alliage.detection.detectors.source_bias import SourceBias, SourceBiasSettings
from alliage.ontology.claim import OFFSET, Claim, Statement, new_claim_id
from alliage.ontology.offset import Measured, Offset
from tests.detection.recordings import NOON_US, alerts_of, batch, engine, report

AIS, GEDSER, STEVNS = "ais", "tracker:gedser@1", "tracker:stevns@1"
RIGHT = {"clock_s": (0.2, 0.3), "east_m": (3.0, 5.0), "north_m": (-4.0, 5.0)}
AHEAD = {**RIGHT, "clock_s": (2.5, 0.32)}
SENSOR_RIGHT = {"other_turn_deg": (0.01, 0.02), "other_range_m": (5.0, 9.0)}

Figures = dict[str, tuple[float, float]]
Word = tuple[str, str, int, Figures]
"""The two streams, how many things both follow, and what is measured."""


def said(second: int, word: Word) -> Claim:
    one, other, pairs, figures = word
    measured = {name: Measured(*figure) for name, figure in figures.items()}
    value = Offset(one, other, pairs, measured).to_text()
    name, valid_us = f"streams:{one}+{other}", NOON_US + second * 1_000_000
    return Claim(new_claim_id(), "", name, "Sensor", OFFSET, value, valid_us)


def played(words: dict[int, list[Word]], until: int = 1_500) -> Iterator[Alert]:
    """What is told while correlators say these words at these seconds; all three are heard."""
    of: Engine = engine(lambda: [SourceBias(SourceBiasSettings())])
    for second in range(0, until, 10):
        for stream in (AIS, GEDSER, STEVNS):
            of.take(stream, batch([report(second, f"{stream}:1", lat=55.0, lon=12.0)]))
        for word in words.get(second, []):
            of.say(f"correlator:{word[0]}+{word[1]}@1", [said(second, word)])
        yield from of.changes()
    yield from of.finish()


def told(words: dict[int, list[Word]], until: int = 1_500) -> list[Alert]:
    return alerts_of(list(played(words, until)))


def test_a_clock_that_is_ahead_of_all_who_agree_is_told_with_what_it_was_judged_by() -> None:
    (alert,) = told({60: [(AIS, GEDSER, 30, RIGHT), (AIS, STEVNS, 40, AHEAD)]})
    assert alert.identifiers == (f"stream:{STEVNS}",)
    assert alert.reason_en == (
        "Source stevns is off from source ais, as 40 common tracks show: its clock is 2.5 s ahead "
        "(± 0.3 s); "
        "what it was compared with agrees with another source"
    )
    assert "son horloge avance de 2,5 s" in alert.reason_fr
    assert alert.figures["clock_off_s"] == 2.5
    assert (alert.figures["common_tracks"], alert.figures["compared_with"]) == (40, 1)
    (cited,) = alert.claims
    assert (cited.stream, cited.property) == (f"correlator:{AIS}+{STEVNS}@1", OFFSET)
    assert abs(alert.start_us - NOON_US - 60_000_000) <= 20_000_000
    assert alert.told_us - alert.start_us >= 300_000_000


def test_a_source_is_called_by_the_name_of_its_sensor_where_it_has_one() -> None:
    of = engine(lambda: [SourceBias(SourceBiasSettings(lasts_s=20))])
    of.take("stevns", batch([report(0, "sensor:1", lat=55.0, lon=12.0, schema="Sensor")]))
    of.state("stevns", [Statement("sensor:1", "Sensor", "name", "EX RADAR STEVNS", NOON_US)])
    for second in range(10, 120, 10):
        for stream in (AIS, GEDSER, STEVNS):
            of.take(stream, batch([report(second, f"{stream}:1", lat=55.0, lon=12.0)]))
        for word in ((AIS, GEDSER, 30, RIGHT), (AIS, STEVNS, 40, AHEAD)):
            of.say(f"correlator:{word[0]}+{word[1]}@1", [said(second, word)])
    (alert,) = alerts_of(of.finish())
    assert alert.reason_en.startswith("Source EX RADAR STEVNS (stevns) is off from source ais, ")


def test_it_is_over_by_itself_once_the_clock_is_right_again() -> None:
    wrong = [(AIS, GEDSER, 30, RIGHT), (AIS, STEVNS, 40, AHEAD)]
    tellings = list(played({60: wrong, 900: [(AIS, STEVNS, 40, RIGHT)]}, 2_400))
    assert tellings[-1].end_us is not None
    assert abs(tellings[-1].end_us - NOON_US - 900_000_000) <= 20_000_000


def test_of_two_that_differ_nobody_is_told_while_nobody_else_agrees_with_either() -> None:
    assert told({60: [(AIS, STEVNS, 40, AHEAD)]}) == []
    assert told({60: [(AIS, STEVNS, 40, AHEAD), (AIS, GEDSER, 40, AHEAD)]}) == []


def test_a_feed_that_is_late_beside_sensors_that_agree_is_told_and_not_they() -> None:
    late: Figures = {**RIGHT, "clock_s": (-3.0, 0.3)}
    pairs = [(GEDSER, STEVNS, 9, RIGHT), (AIS, GEDSER, 30, late), (AIS, STEVNS, 40, late)]
    (alert,) = told({60: pairs})
    assert alert.identifiers == (f"stream:{AIS}",)
    assert "ahead" in alert.reason_en
    assert alert.figures["compared_with"] == 2


def test_a_turned_sensor_is_told_by_one_other_source_and_not_where_another_shows_it_right() -> None:
    turned: Figures = {**RIGHT, **SENSOR_RIGHT, "other_turn_deg": (0.3, 0.01)}
    (alert,) = told({60: [(AIS, STEVNS, 40, turned)]})
    assert "it is turned 0.30° clockwise (± 0.01°)" in alert.reason_en
    assert alert.reason_en.endswith(" from this sensor, so the fault is its own")
    assert "dans le sens horaire" in alert.reason_fr
    right: Figures = {**RIGHT, **SENSOR_RIGHT}
    assert told({60: [(AIS, STEVNS, 40, turned), (GEDSER, STEVNS, 40, right)]}) == []


def test_several_faults_of_one_source_are_one_alert() -> None:
    both: Figures = {**AHEAD, **SENSOR_RIGHT, "other_range_m": (-180.0, 8.0)}
    (alert,) = told({60: [(AIS, GEDSER, 30, RIGHT), (AIS, STEVNS, 40, both)]})
    assert "ahead" in alert.reason_en
    assert "its ranges are 180 m too short" in alert.reason_en


def test_what_is_not_sure_does_not_last_or_is_of_few_is_not_told() -> None:
    def beside(figures: Figures, pairs: int = 40) -> list[Word]:
        return [(AIS, GEDSER, 30, RIGHT), (AIS, STEVNS, pairs, figures)]

    unsure: Figures = {**RIGHT, "clock_s": (2.5, 0.7)}
    assert told({60: beside(unsure)}) == []
    assert told({60: beside(AHEAD, pairs=4)}) == []
    assert told({60: beside(AHEAD), 240: beside(RIGHT)}) == []


def test_of_a_source_that_is_silent_nothing_is_said() -> None:
    words: list[Word] = [(AIS, "tracker:moen@1", 40, {**RIGHT, "other_turn_deg": (0.5, 0.01)})]
    assert told({60: words}) == []


def test_a_word_that_cannot_be_read_leaves_no_trace() -> None:
    of = engine(lambda: [SourceBias(SourceBiasSettings())])
    name = "streams:a+b"
    for value in ("", "[]", '{"one": "a"}', '{"figures": 3, "one": "a", "other": "b", "pairs": 1}'):
        of.say("correlator:a+b@1", [Claim(new_claim_id(), "", name, "Sensor", OFFSET, value, 1)])
    assert list(of.scene.offsets) == []
