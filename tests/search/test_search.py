"""Things are found by every word that was said of them, and it is told why."""

from __future__ import annotations

from pathlib import Path

import pytest

from alliage.search.query import QueryError
from alliage.search.search import SearchCursorError
from tests.picture.support import DANISH, FRENCH, OPEN
from tests.search.support import HOUR_US, Sea


def test_the_whole_name_stands_before_its_beginning_and_that_before_a_word_in_it(sea: Sea) -> None:
    for ship, name in enumerate(["SAN FRIO", "FRIO TWO", "Frio", "FRIONOR", "EMMA"], 219000001):
        sea.claim(ship, name=name)
    assert sea.names("frio") == ["Frio", "FRIO TWO", "SAN FRIO", "FRIONOR"]
    assert sea.names("FRIO t") == ["FRIO TWO"]


def test_every_word_counts_whichever_text_of_a_thing_holds_it(sea: Sea) -> None:
    sea.claim(219000001, name="FRIO", destination="AARHUS")
    sea.claim(219000002, name="FRIO", destination="KIEL")
    sea.claim(219000003, name="EMMA", destination="AARHUS")
    (hit,) = sea.find("aarhus frio").hits
    assert hit.state.identifier == "mmsi:219000001"
    assert {why.reason.property for why in hit.why} == {"name", "destination"}


@pytest.mark.parametrize("typed", ["frio aarhus", "aarhus frio", "fryo aarhus", "aarhus fryo"])
def test_the_order_of_rare_and_common_words_changes_nothing(sea: Sea, typed: str) -> None:
    for ship in range(219000001, 219000009):
        sea.claim(ship, name=f"SHIP {ship}", destination="AARHUS")
    sea.claim(219000011, name="FRIO", destination="KIEL")
    sea.claim(219000012, name="FRIO", destination="AARHUS")
    (hit,) = sea.find(typed).hits
    assert hit.state.identifier == "mmsi:219000012"
    assert {why.reason.text for why in hit.why} == {"FRIO", "AARHUS"}


def test_quoted_words_stand_together(sea: Sea) -> None:
    sea.claim(219000001, at_annotation="engine trouble off Skagen")
    sea.claim(219000002, at_annotation="trouble with the engine")
    assert sea.find("engine trouble").total == 2
    (hit,) = sea.find('"engine trouble"').hits
    assert hit.state.identifier == "mmsi:219000001"
    (why,) = hit.why
    assert [why.reason.text[begin:end] for begin, end in why.spans] == ["engine", "trouble"]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("ÉTOILE DE MER", "etoile de mer"),
        ("Søbjørn", "sobjorn"),
        ("ŁÓDŹ", "lodz"),
        ("MÆRSK", "maersk"),
        ("Мария", "mariia"),
        ("ETOILE", "étoile"),
    ],
)
def test_diacritics_and_scripts_are_folded(sea: Sea, name: str, typed: str) -> None:
    sea.claim(219000001, name=name)
    (hit,) = sea.find(typed).hits
    assert not hit.why[0].is_similar
    ((begin, end), *_) = hit.why[0].spans
    assert begin == 0
    assert end in (len(name), name.find(" "))


@pytest.mark.parametrize(
    "typed",
    ["MARYA TERESSA", "mariatheresa", "maria tereza", "theresia maria", "MARIA TERESA", "mar ia"],
)
def test_a_name_is_found_by_ear_with_typos_and_without_its_blanks(sea: Sea, typed: str) -> None:
    sea.claim(219000001, name="MARIA THERESA")
    sea.claim(219000002, name="OCEAN PRINCE")
    (hit,) = sea.find(typed).hits
    assert hit.state.name == "MARIA THERESA"
    assert hit.why[0].spans


def test_a_name_that_is_only_alike_says_so_and_stands_last(sea: Sea) -> None:
    sea.claim(219000001, name="ALBATROSS")
    sea.claim(219000002, name="ALBATROS")
    first, second = sea.find("albatross").hits
    assert (first.state.name, first.why[0].is_similar) == ("ALBATROSS", False)
    assert (second.state.name, second.why[0].is_similar) == ("ALBATROS", True)


def test_identifiers_are_found_by_how_they_begin(sea: Sea) -> None:
    sea.claim(219000001, name="FRIO", imo_number=9074729, call_sign="OXAB")
    sea.hear(265000001, 11.0, 55.0)  # nobody has claimed anything of it
    for typed in ("2190000", "mmsi:2190", "9074", "oxa", "219000001"):
        assert sea.names(typed) == ["FRIO"], typed
    (hit,) = sea.find("265000001").hits
    assert hit.state.identifier == "mmsi:265000001"


def test_an_earlier_name_still_finds_the_ship_and_says_so(sea: Sea) -> None:
    sea.claim(219000001, name="WESTERN STAR", ago_us=HOUR_US)
    sea.claim(219000001, name="EASTERN STAR")
    sea.claim(219000002, name="WESTERN STAR")
    now, before = sea.find("western star").hits
    assert (now.state.identifier, now.why[0].reason.is_earlier) == ("mmsi:219000002", False)
    assert before.state.name == "EASTERN STAR"
    assert (before.why[0].reason.text, before.why[0].reason.is_earlier) == ("WESTERN STAR", True)


def test_what_was_taken_back_finds_nothing_until_that_is_taken_back(sea: Sea) -> None:
    claim = sea.claim(219000001, at_annotation="smuggler", claim_id="a" * 32)
    back = sea.claim(219000001, at_retraction=claim, claim_id="b" * 32)
    assert sea.find("smuggler").total == 0
    sea.claim(219000001, at_retraction=back, claim_id="c" * 32)
    assert sea.find("smuggler").total == 1


def test_a_retracted_later_name_makes_the_earlier_one_stand_again(sea: Sea) -> None:
    sea.claim(219000001, name="WESTERN", ago_us=HOUR_US)
    wrong = sea.claim(219000001, name="EASTERN")
    assert sea.find("western").hits[0].why[0].reason.is_earlier
    sea.claim(219000001, at_retraction=wrong)
    assert not sea.find("western").hits[0].why[0].reason.is_earlier


def test_a_retraction_counts_only_for_those_who_see_it(sea: Sea) -> None:
    claim = sea.claim(219000001, at_annotation="smuggler")
    sea.claim(219000001, DANISH, at_retraction=claim)
    assert sea.find("smuggler", sea.audience(OPEN)).total == 1
    assert sea.find("smuggler", sea.audience(OPEN, DANISH)).total == 0


def test_messages_reasons_and_reports_are_searched(sea: Sea) -> None:
    sea.hear(219000001, 11.0, 55.0)
    sea.message(219000001, "MAN OVERBOARD TEST")
    sea.claim(219000002, name="EMMA", reason="told by the harbour master")
    sea.claim(219000003, at_report='{"latitude_deg": 55.0}', reason="seen by the lighthouse")
    found = {
        word: [(why.reason.property, why.reason.field.name) for why in sea.find(word).hits[0].why]
        for word in ("overboard", "harbour", "lighthouse")
    }
    assert found == {
        "overboard": [("@message", "MESSAGE")],
        "harbour": [("@reason", "REMARK")],
        "lighthouse": [("@reason", "REPORT")],
    }
    assert sea.find("latitude").total == 0


def test_near_a_place_tells_distance_and_bearing(sea: Sea) -> None:
    sea.hear(219000001, 14.92, 55.12 + 10 / 60)  # ten minutes of latitude north of Bornholm
    sea.hear(219000002, 14.92, 55.12 - 30 / 60)
    found = sea.find("near:Bornholm<20nm")
    (hit,) = found.hits
    assert hit.state.identifier == "mmsi:219000001"
    assert hit.distance_m == pytest.approx(10 * 1852, rel=0.006)
    assert hit.bearing_deg == pytest.approx(0.0, abs=0.01)
    assert found.near is not None
    assert sea.find("near:bornholm<40nm").total == 2
    assert sea.find("near:55.12,14.92<60km").total == 2
    with pytest.raises(QueryError, match="Atlantis"):
        sea.find("near:Atlantis")


def test_near_a_thing_that_the_reader_sees(sea: Sea) -> None:
    sea.claim(219000001, DANISH, name="PLATFORM ALFA", stream="secret")
    sea.hear(219000001, 11.0, 55.0, DANISH, stream="secret")
    sea.hear(219000002, 11.05, 55.0)
    assert sea.find('near:"platform alfa"<5nm').total == 2
    with pytest.raises(QueryError) as hidden:
        sea.find('near:"platform alfa"', sea.audience(OPEN))
    with pytest.raises(QueryError) as absent:
        sea.find('near:"platform beta"', sea.audience(OPEN))
    assert str(hidden.value).replace("alfa", "beta") == str(absent.value)


def test_filters_narrow_and_facets_count_what_choosing_otherwise_would_give(sea: Sea) -> None:
    sea.claim(219000001, name="STAR", stream="coast")
    sea.claim(265000001, name="STAR", stream="coast", affiliation="friend")
    sea.claim(219000003, name="STAR", stream="radar", schema="Aircraft")
    found = sea.find("star kind:Vessel")
    assert found.total == 2
    assert found.facets["kind"] == {"Vessel": 2, "Aircraft": 1}
    assert found.facets["source"] == {"coast": 2}
    assert found.facets["nation"] == {"DNK": 1, "SWE": 1}
    assert found.facets["affiliation"] == {"friend": 1, "unknown": 1}
    assert sea.find("star nation:swe").total == 1
    assert sea.find("star source:radar").total == 1
    assert sea.find("star identité:ami").total == 1
    assert sea.find("type:navire").total == 2
    assert sea.find("star since:2h").total == 3
    assert sea.find("star until:2h").total == 0


def test_pages_follow_each_other(sea: Sea) -> None:
    for ship in range(219000001, 219000008):
        sea.claim(ship, name="STAR")
    seen, cursor = [], None
    while True:
        page = sea.find("star", limit=3, cursor=cursor)
        assert page.total == 7
        seen += [hit.state.identifier for hit in page.hits]
        cursor = page.next
        if cursor is None:
            break
    assert seen == [f"mmsi:{ship}" for ship in range(219000001, 219000008)]
    with pytest.raises(SearchCursorError):
        sea.find("star", cursor="f" * 32)


def test_suggestions_are_names_and_places_that_begin_so(sea: Sea) -> None:
    sea.claim(219000001, name="BORNHOLM EXPRESS")
    sea.claim(219000002, FRENCH, name="BORNHIDDEN")
    said = sea.search.suggest(sea.audience(OPEN), "bornh")
    assert said == [("name", "BORNHOLM EXPRESS"), ("place", "Bornholm")]
    assert sea.search.suggest(sea.audience(OPEN), " !") == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("state:gone", "live, fading, ended"),
        ("kind:Unicorn", "no kind"),
        ("near:Bornholm<9999nm", "2000 nm"),
        ("near:Bornholm<-5nm", "has no distance"),
        ("affiliation:foe", "no affiliation"),
        ("since:yesterday", "no time"),
        ("near:91,0", "latitude"),
        (" ".join("abcdefghijklmn"), "at most 12"),
    ],
)
def test_a_filter_that_means_nothing_is_refused_with_what_would(
    sea: Sea, typed: str, told: str
) -> None:
    with pytest.raises(QueryError, match=told):
        sea.find(typed)


def test_signs_of_the_search_engines_own_language_are_only_signs(sea: Sea) -> None:
    sea.claim(219000001, name="FRIO")
    for typed in ('frio"', "frio*", "frio)", "(frio", "frio^2", "-frio", "{frio}", 'x:"frio'):
        assert sea.find(typed).total <= 1
    assert sea.find('frio" OR "emma').total == 0


def test_an_index_is_made_again_from_nothing(sea: Sea, tmp_path: Path) -> None:
    sea.claim(219000001, name="FRIO")
    sea.index.clear()
    assert sea.find("frio").total == 0
    assert sea.index.position() == (0, "")
