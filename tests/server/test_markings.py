"""Markings in the reader's language, joined as the node joins them."""

from __future__ import annotations

import httpx


def words(bent: httpx.Client, *texts: str) -> tuple[int, dict]:
    answer = bent.get("markings/words", params={"text": list(texts)})
    return answer.status_code, answer.json()


def test_a_marking_is_written_in_both_languages(bent: httpx.Client) -> None:
    status, answer = words(bent, "NATO TOP SECRET / REL TO DNK, FRA")
    assert status == 200
    assert answer["page"] == {
        "en": "COSMIC TOP SECRET / RELEASABLE TO DNK, FRA",
        "fr": "COSMIC TRÈS SECRET / COMMUNICABLE À DNK, FRA",
    }
    assert answer["portion"]["en"] == "(CTS/REL TO DNK, FRA)"
    assert answer["classification"] == "TOP SECRET"


def test_several_markings_are_joined_and_none_is_dropped(bent: httpx.Client) -> None:
    _, answer = words(bent, "TLP GREEN", "TLP RED", "ALLIAGE RESTRICTED / REL TO DNK // X Y")
    assert answer["text"] == "ALLIAGE RESTRICTED / REL TO DNK // TLP RED // X Y"
    assert answer["page"]["fr"] == (
        "ALLIAGE DIFFUSION RESTREINTE / COMMUNICABLE À DNK // TLP:RED // X Y"
    )
    _, nobody = words(bent, "ALLIAGE SECRET / REL TO DNK", "ALLIAGE SECRET / REL TO FRA")
    assert nobody["page"]["fr"] == "ALLIAGE SECRET / COMMUNICABLE À AUCUNE NATION"


def test_what_is_no_marking_is_refused(bent: httpx.Client) -> None:
    status, answer = words(bent, "SECRET")
    assert status == 422
    assert answer["errors"][0]["field"] == "query.text"
    assert words(bent)[0] == 422
