"""What of an incident is told, and what is not told twice."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from alliage.actions.watch_words import Said, State, Word
from alliage.detection import Alert
from alliage.watch.incidents import Incident
from alliage.watch.news import News, Told, Wanted, news_of
from tests.watch.test_incidents import HOUR, NOON_US, an_alert, made, said, told

CLOSE = Word(Said.STATE, state=State.CLOSED)


def told_of(incident: Incident) -> dict[str, Told]:
    return dict.fromkeys(incident.ids, Told.of(incident))


def test_an_incident_is_told_when_it_opens_and_not_again() -> None:
    [one] = made(told(an_alert("a", "frio", 0.0)))
    assert news_of(one, {}, NOON_US) is News.OPENED
    assert news_of(one, told_of(one), NOON_US) is None


def test_what_another_detector_finds_is_an_escalation_and_more_of_the_same_is_not() -> None:
    first = an_alert("a", "frio", 0.0)
    [before] = made(told(first))
    [more] = made(told(first, an_alert("b", "frio", 0.1)))
    [other] = made(told(first, an_alert("b", "frio", 0.1, detector="silence")))
    [call] = made(told(first, an_alert("b", "frio", 0.1, detector="distress", priority=True)))
    assert news_of(more, told_of(before), NOON_US) is None
    assert news_of(other, told_of(before), NOON_US) is News.ESCALATED
    assert news_of(call, told_of(before), NOON_US) is News.ESCALATED


def test_its_end_is_told_to_those_who_knew_of_it() -> None:
    alert = an_alert("a", "frio", 0.0)
    [before] = made(told(alert))
    [over] = made(told(replace(alert, end_us=NOON_US + HOUR)))
    [closed] = made(told(alert), said("a", CLOSE))
    for one in (over, closed):
        assert news_of(one, told_of(before), NOON_US) is News.CLOSED
        assert news_of(one, told_of(one), NOON_US) is None
        assert news_of(one, {}, NOON_US + HOUR) is None


def test_a_closed_incident_that_opens_again_is_told_again() -> None:
    first = an_alert("a", "frio", 0.0)
    [closed] = made(told(first), said("a", CLOSE, at=0.1))
    [again] = made(told(first, an_alert("b", "frio", 0.2)), said("a", CLOSE, at=0.1))
    assert news_of(again, told_of(closed), NOON_US) is News.ESCALATED


def test_what_was_known_before_somebody_is_told_at_all_is_told_when_it_escalates() -> None:
    first = an_alert("a", "frio", 0.0)
    later_us = NOON_US + HOUR // 10
    [old] = made(told(first))
    [more] = made(told(first, an_alert("b", "frio", 0.2, detector="silence")))
    assert news_of(old, {}, later_us) is None
    assert news_of(more, {}, later_us) is News.ESCALATED


def test_two_incidents_that_turn_out_to_be_one_are_no_news() -> None:
    one, two = an_alert("a", "frio", 0.0), an_alert("b", "nord", 0.0)
    before = {k: v for each in made(told(one, two)) for k, v in told_of(each).items()}
    [joined] = made(told(one, an_alert("b", "frio", 0.0)))
    assert news_of(joined, before, NOON_US) is None


def test_only_what_is_wanted_fits() -> None:
    [drift] = made(told(an_alert("a", "frio", 0.0)))
    [call] = made(told(an_alert("a", "frio", 0.0, priority=True, probability=0.2)))
    assert Wanted().fits(drift, is_folded=False)
    assert not Wanted().fits(drift, is_folded=True)
    assert Wanted(beyond_budget=True).fits(drift, is_folded=True)
    assert not Wanted(kinds=frozenset(["zone"])).fits(drift, is_folded=False)
    assert not Wanted(priority=True).fits(drift, is_folded=False)
    assert not Wanted(least_probability=0.9).fits(drift, is_folded=False)
    assert Wanted(priority=True, least_probability=0.9).fits(call, is_folded=False)


ALERTS = st.lists(
    st.tuples(st.sampled_from(["drifting", "silence"]), st.floats(0, 0.4), st.booleans()),
    min_size=1,
    max_size=4,
)


@given(ALERTS)
def test_however_an_incident_grows_each_step_is_told_at_most_once(
    steps: list[tuple[str, float, bool]],
) -> None:
    alerts: list[Alert] = []
    memory: dict[str, Told] = {}
    news: list[News] = []
    for nth, (detector, at, priority) in enumerate(sorted(steps, key=lambda step: step[1])):
        alerts.append(an_alert(f"n{nth}", "frio", at, detector=detector, priority=priority))
        [one] = made(told(*alerts))
        if (new := news_of(one, memory, NOON_US)) is not None:
            news.append(new)
            memory.update(told_of(one))
        assert news_of(one, memory, NOON_US) is None
    assert news[0] is News.OPENED
    assert len(news) <= 3  # it opens, another detector, a call
