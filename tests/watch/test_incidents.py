"""Alerts into incidents: what is one situation, and how it stands by what was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from alliage.actions.watch_words import Said, State, Word
from alliage.detection import Alert
from alliage.watch.board import Saying, Telling
from alliage.watch.incidents import Incident, holds_until_us, incidents_of
from alliage.watch.ranking import HOUR_US, alike, folded, in_order, judged_of

HOUR = HOUR_US
NOON_US = 1_767_268_800 * 1_000_000


def an_alert(name: str, ship: str, start: float, end: float | None = None, **more: object) -> Alert:
    """Times in hours after noon."""
    alert = Alert(
        alert_id=name, detector="drifting", version=1, identifiers=(ship,), streams=("ais",),
        schema="Vessel", start_us=NOON_US + round(start * HOUR),
        end_us=None if end is None else NOON_US + round(end * HOUR),
        told_us=NOON_US + round((start if end is None else end) * HOUR), probability=0.8,
        lat=57.0, lon=18.0, reason_en="it drifts", reason_fr="il dérive",
    )  # fmt: skip
    return replace(alert, **more)  # type: ignore[arg-type]


def told(*alerts: Alert) -> list[list[Telling]]:
    return [
        [Telling(alert, 1, nth + 1, alert.start_us, "detector:drifting@1", f"c{nth}")]
        for nth, alert in enumerate(alerts)
    ]


def said(
    alert: str, word: Word, at: float = 1.0, by: str = "person:anna", number: int = 90
) -> Saying:
    return Saying(alert, word, by, "because", 1, number, NOON_US + round(at * HOUR), f"s{number}")


def made(
    tellings: Sequence[Sequence[Telling]],
    *sayings: Saying,
    now: float = 2.0,
    objects: dict[str, str] | None = None,
) -> list[Incident]:
    by_alert: dict[str, list[Saying]] = {}
    for one in sayings:
        by_alert.setdefault(one.alert_id, []).append(one)
    known = objects or {}

    def object_of(name: str) -> str:
        return known.get(name, name)

    return incidents_of(tellings, by_alert, object_of, NOON_US + round(now * HOUR))


def test_alerts_of_one_ship_at_one_time_are_one_incident() -> None:
    found = made(
        told(
            an_alert("a", "one", 0.0),
            an_alert("b", "one", 0.2, detector="silence"),
            an_alert("c", "two", 0.1),
        )
    )
    assert [one.ids for one in found] == [("a", "b"), ("c",)]


def test_a_later_alert_of_the_same_ship_is_another_incident() -> None:
    later = an_alert("b", "one", 2.0)
    assert len(made(told(an_alert("a", "one", 0.0, 0.5), later))) == 2
    assert len(made(told(an_alert("a", "one", 0.0, 1.9), later))) == 1


def test_two_ships_that_meet_join_what_was_of_each() -> None:
    meeting = an_alert("c", "one", 0.3, identifiers=("one", "two"), streams=("ais", "ais"))
    found = made(told(an_alert("a", "one", 0.0), an_alert("b", "two", 0.1), meeting))
    assert [one.ids for one in found] == [("a", "b", "c")]
    assert set(found[0].objects) == {"one", "two"}


def test_what_two_contexts_found_alike_is_shown_once() -> None:
    both = told(an_alert("a", "one", 0.0), an_alert("b", "one", 0.01, probability=0.9))
    both[1][0] = both[1][0]._replace(label_set=2)
    found = made(both, said("a", Word(Said.COMMENT, "seen")))
    assert [alert.alert_id for alert in found[0].alerts] == ["b"]
    assert found[0].incident_id == "a"
    assert [one.word.text for one in found[0].sayings] == ["seen"]


def test_one_ship_and_route_in_two_contexts_are_one_by_whichever_of_its_tracks() -> None:
    def found_by(area: str) -> list[str]:
        track = an_alert("b", "track:7", 0.01, streams=("tracker:radar@1",), area=area)
        both = told(an_alert("a", "one", 0.0, area=area), track)
        both[1][0] = both[1][0]._replace(label_set=2, labels=3)
        (found,) = made(both, objects={"track:7": "one"})
        return [alert.alert_id for alert in found.alerts]

    assert found_by("object:route") == ["a"]
    assert found_by("") == ["a", "b"]  # of two tracks each may have drifted


def test_of_what_two_contexts_found_alike_that_stands_which_more_people_see() -> None:
    both = told(an_alert("a", "one", 0.0), an_alert("b", "one", 0.0))
    both[0][0] = both[0][0]._replace(labels=3, label_set=2)
    assert [alert.alert_id for alert in made(both)[0].alerts] == ["b"]


def test_what_one_context_tells_twice_happened_twice_and_the_last_time_says_what_it_is() -> None:
    one = told(
        an_alert("a", "one", 0.0, 0.1, reason_en="it is heard again"),
        an_alert("b", "one", 0.2, reason_en="it is silent"),
        an_alert("c", "one", 0.01, 0.1),
        an_alert("d", "one", 0.21),
    )
    for number in (2, 3):  # another context found the same
        one[number][0] = one[number][0]._replace(label_set=2, labels=3)
    (found,) = made(one)
    assert [alert.alert_id for alert in found.alerts] == ["a", "b"]
    assert found.chief.reason_en == "it is silent"
    assert not found.is_over


def test_a_ship_that_calls_and_its_beacon_are_one_incident() -> None:
    call = {"detector": "distress", "priority": True}
    near = an_alert("b", "beacon", 0.1, lat=57.05, **call)
    far = an_alert("c", "other", 0.1, lat=58.0, **call)
    found = made(told(an_alert("a", "ship", 0.0, **call), near, far))
    assert [one.ids for one in found] == [("a", "b"), ("c",)]


def test_who_takes_it_owns_it_and_a_state_stands_until_the_next() -> None:
    [found] = made(
        told(an_alert("a", "one", 0.0)),
        said("a", Word(Said.TAKE), number=91),
        said("a", Word(Said.STATE, state=State.INVESTIGATING), number=92),
    )
    assert (found.standing.owner, found.standing.state) == ("person:anna", State.INVESTIGATING)


def test_nothing_but_acknowledging_silences_a_call_for_help() -> None:
    call = told(an_alert("a", "one", 0.0, detector="distress", priority=True))
    words = (
        Word(Said.TAKE), Word(Said.COMMENT, text="seen"), Word(Said.ASSIGN, owner="person:bo"),
        Word(Said.JUDGE, useful=True), Word(Said.STATE, state=State.TRIAGE),
    )  # fmt: skip
    for word in words:
        (found,) = made(call, said("a", word))
        assert not found.standing.acknowledged
    (heard,) = made(call, said("a", Word(Said.ACKNOWLEDGE)))
    assert heard.standing.acknowledged


def test_a_new_alert_opens_what_was_closed() -> None:
    closed = said("a", Word(Said.STATE, state=State.CLOSED), at=0.5)
    first = an_alert("a", "one", 0.0)
    assert made(told(first), closed)[0].is_closed
    [found] = made(told(first, an_alert("b", "one", 0.7, detector="silence")), closed)
    assert found.standing.state is State.NEW
    assert found.standing.reopened_us == NOON_US + round(0.7 * HOUR)


def test_what_is_said_after_it_opened_again_stands() -> None:
    tellings = told(an_alert("a", "one", 0.0), an_alert("b", "one", 0.4, priority=True))
    close = said("a", Word(Said.STATE, state=State.CLOSED), 0.2, number=90)
    take = said("a", Word(Said.TAKE), 0.6, number=91)
    [again] = made(tellings, close)
    assert (again.standing.state, again.standing.acknowledged) == (State.NEW, False)
    [taken] = made(tellings, close, take)
    assert (taken.standing.state, taken.standing.acknowledged) == (State.TRIAGE, False)


def test_what_is_over_and_nobody_took_closes_by_itself() -> None:
    over = told(an_alert("a", "one", 0.0, 0.5))
    assert made(over)[0].is_closed
    assert not made(over, said("a", Word(Said.TAKE)))[0].is_closed


def test_what_is_suppressed_is_so_until_its_end_and_never_a_call_for_help() -> None:
    until = Word(Said.SUPPRESS, until_us=NOON_US + 3 * HOUR)
    again = told(an_alert("a", "one", 0.0, 0.1), an_alert("b", "one", 1.5))
    shown = [one.suppression is None for one in made(again, said("a", until))]
    assert shown == [False, False]
    late = [one.suppression is None for one in made(again, said("a", until), now=3.1)]
    assert late == [True, True]
    call = told(an_alert("a", "one", 0.0, priority=True))
    assert made(call, said("a", until))[0].suppression is None


def test_another_detectors_alert_is_not_suppressed_with_it() -> None:
    until = Word(Said.SUPPRESS, until_us=NOON_US + 3 * HOUR)
    both = told(an_alert("a", "one", 0.0), an_alert("b", "one", 0.1, detector="silence"))
    assert made(both, said("a", until))[0].suppression is None


def test_what_is_about_to_happen_stands_before_what_is_surer_and_what_is_over_after_it() -> None:
    tellings = told(
        an_alert("sure", "one", 0.0, detector="off_plan", probability=0.95),
        an_alert("soon", "two", 0.1, detector="collision_risk", probability=0.7),
        an_alert("passed", "three", 0.2, 0.3, detector="collision_risk", probability=0.99),
        an_alert("help", "four", 0.3, priority=True, probability=0.5),
    )
    incidents = made(tellings)
    shown = [one.incident_id for one in in_order(incidents, judged_of(incidents))]
    assert shown == ["help", "soon", "sure", "passed"]
    assert "soon" not in folded(incidents, {}, budget=1)
    assert "sure" in folded(incidents, {}, budget=1)


def test_calls_for_help_come_first_and_judgements_change_the_order() -> None:
    tellings = told(
        an_alert("a", "one", 0.0, probability=0.9),
        an_alert("b", "two", 0.1, detector="silence", probability=0.8),
        an_alert("c", "three", 0.2, priority=True, probability=0.5),
        *[an_alert(f"old{n}", f"ship{n}", -9.0, -8.0) for n in range(4)],
    )
    before = made(tellings)
    shown = [one.incident_id for one in in_order(before, judged_of(before)) if not one.is_closed]
    assert shown == ["c", "a", "b"]
    useless = [said(f"old{n}", Word(Said.JUDGE, useful=False), number=100 + n) for n in range(4)]
    after = made(tellings, *useless)
    shown = [one.incident_id for one in in_order(after, judged_of(after)) if not one.is_closed]
    assert shown == ["c", "b", "a"]


def test_what_lies_beyond_the_budget_is_folded_and_calls_for_help_are_not() -> None:
    many = [an_alert(f"a{n}", f"ship{n}", n / 100, probability=0.5 + n / 100) for n in range(20)]
    calls = [an_alert(f"c{n}", f"boat{n}", n / 100, priority=True) for n in range(20)]
    found = made(told(*many, *calls))
    beyond = folded(found, {}, budget=12)
    assert beyond == {f"a{n}" for n in range(8)}


def test_what_one_rule_gives_at_once_is_shown_as_one_and_stays_apart() -> None:
    look = 10 / 3_600
    flood = [
        an_alert(f"r{n:02}", f"ship{n}", 1.0 + (n % 3) * look, detector="rule:1") for n in range(20)
    ]
    later = an_alert("late", "other", 1.5, detector="rule:1")
    drift = an_alert("drift", "ship7", 1.1)
    found = made(told(*flood, later, drift))
    shown = alike(found, {})
    assert shown == {"r00": tuple(f"r{n:02}" for n in (*range(3, 20, 3), *range(1, 20, 3),
                                                       *range(2, 20, 3)) if n != 7)}  # fmt: skip
    assert folded(found, {}) == set(shown["r00"])
    [ours] = [one for one in found if "drift" in one.ids]
    assert ours.ids == ("r07", "drift")


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcd"), st.sampled_from("abcd"), st.floats(0, 6), st.floats(0, 2)
        ),
        max_size=12,
    ),
    st.randoms(),
)
def test_groups_do_not_depend_on_the_order_of_alerts(
    ways: list[tuple[str, str, float, float]], random: object
) -> None:
    tellings = told(
        *[
            an_alert(
                f"x{n}", one, start, start + lasts, detector=f"d{n}",
                identifiers=tuple(dict.fromkeys((one, two))),
                streams=("ais",) * len({one, two}),
            )
            for n, (one, two, start, lasts) in enumerate(ways)
        ]
    )  # fmt: skip
    shuffled = list(tellings)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert {one.ids for one in made(tellings)} == {one.ids for one in made(shuffled)}


def test_a_call_for_help_that_nobody_heard_stays_open_when_it_ends() -> None:
    call = an_alert("a", "one", 0.0, 0.1, detector="distress", priority=True)
    (silent,) = made(told(call), now=9.0)
    assert silent.is_over
    assert not silent.is_closed
    (heard,) = made(told(call), said("a", Word(Said.ACKNOWLEDGE)), now=9.0)
    assert heard.is_closed


def test_what_is_no_call_rings_nobody_again_when_it_opens_an_incident_anew() -> None:
    call = an_alert("a", "one", 0.0, 0.1, detector="distress", priority=True)
    later = an_alert("b", "one", 0.4)
    heard = said("a", Word(Said.ACKNOWLEDGE), at=0.2, number=1)
    closed = said("a", Word(Said.STATE, state=State.CLOSED), at=0.2, number=2)
    (again,) = made(told(call, later), heard, closed, now=0.5)
    assert again.standing.state is State.NEW
    assert again.standing.acknowledged


def test_a_rule_gives_an_incident_no_name_that_a_detector_gave() -> None:
    rule = an_alert("a", "one", 0.0, detector="rule:1", probability=0.9)
    (one,) = made(told(rule, an_alert("b", "one", 0.1, probability=0.5)))
    assert one.chief.detector == "drifting"


def test_that_it_goes_on_is_no_change_that_it_is_surer_or_over_is() -> None:
    begun = an_alert("a", "one", 0.0)
    goes_on = [
        Telling(begun, 1, nth, NOON_US + nth * HOUR, "detector:drifting@1", f"c{nth}")
        for nth in range(1, 4)
    ]
    (same,) = made([goes_on])
    assert same.changed_us == goes_on[0].known_us
    surer = goes_on[2]._replace(alert=replace(begun, probability=0.95))
    (surely,) = made([[*goes_on[:2], surer]])
    assert surely.changed_us == surer.known_us


def test_what_is_said_without_words_is_said_of_what_most_may_see() -> None:
    both = an_alert("a", "one", 0.0, probability=0.95)
    own = an_alert("b", "one", 0.0)
    (high,), (low,) = told(both, own)
    (one,) = made([[high._replace(labels=2)], [low._replace(labels=1)]])
    assert one.widest_id == "b"


TIMES = st.floats(0.0, 8.0)


@given(
    st.lists(st.tuples(TIMES, st.booleans()), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 5), TIMES), max_size=3),
    TIMES,
    st.floats(0.0, 1.0),
)
def test_until_something_runs_out_the_same_incidents_are_found(
    alerts: list[tuple[float, bool]],
    suppressions: list[tuple[int, float]],
    now: float,
    later: float,
) -> None:
    found = told(
        *(
            an_alert(f"a{nth}", f"ship{nth % 3}", start, start + 0.1 if is_over else None)
            for nth, (start, is_over) in enumerate(alerts)
        )
    )
    by_alert: dict[str, list[Saying]] = {}
    for nth, (of, until) in enumerate(suppressions):
        word = Word(Said.SUPPRESS, until_us=NOON_US + round(until * HOUR))
        by_alert.setdefault(f"a{of}", []).append(said(f"a{of}", word, number=90 + nth))
    now_us = NOON_US + round(now * HOUR)
    until_us = min(holds_until_us(found, by_alert, now_us), now_us + 20 * HOUR)
    then_us = now_us + round(later * (until_us - now_us))

    def at(moment_us: int) -> list[Incident]:
        return incidents_of(found, by_alert, lambda name: name, moment_us)

    assert at(then_us) == at(now_us)
    assert at(until_us) == at(now_us)
