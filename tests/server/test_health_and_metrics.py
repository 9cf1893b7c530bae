"""Health for everybody, metrics for administrators, and sources only for who may see them."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import httpx
from prometheus_client.parser import text_string_to_metric_families

from alliage.server.settings import ServerSettings
from tests.server.small_node import FILE_STREAM, HIDDEN_STREAM, SmallNode


def _samples(answer: httpx.Response) -> dict[str, float]:
    assert answer.status_code == 200, answer.text
    return {
        f"{sample.name}{sorted(sample.labels.items())}": sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_health_needs_no_session(node: SmallNode, stranger: httpx.Client) -> None:
    assert stranger.get("health/live").json() == {"status": "alive"}
    assert stranger.get("health/ready").json()["status"] == "ready"
    node.ready = False
    try:
        answer = stranger.get("health/ready")
        assert answer.status_code == 503
        assert answer.json()["projections_caught_up"] is False
    finally:
        node.ready = True


def test_an_administrator_sees_figures_of_visible_sources(anna: httpx.Client) -> None:
    samples = _samples(anna.get("metrics"))
    assert samples[f"alliage_source_reports_total[('source', '{FILE_STREAM}')]"] == 30
    assert samples[f"alliage_source_state[('source', '{HIDDEN_STREAM}'), ('state', 'ended')]"] == 1


def test_figures_of_hidden_sources_are_not_there(node: SmallNode) -> None:
    node.accounts.add(
        "francois",
        nation="FRA",
        clearance="SECRET",
        roles=frozenset({"administrator"}),
        password="correct horse battery",
    )
    answer = node.client("francois").get("metrics")
    assert FILE_STREAM in answer.text
    assert HIDDEN_STREAM not in answer.text


def test_an_administrator_is_not_told_what_others_are_sent(anna: httpx.Client) -> None:
    """How much is sent to colleagues who may see more rises with what this reader may not."""
    assert all(name.startswith("alliage_source_") for name in _samples(anna.get("metrics")))


def test_a_scrape_from_this_machine_is_told_of_no_source(stranger: httpx.Client) -> None:
    answer = stranger.get("metrics")
    told = _samples(answer)
    assert any(name.startswith("alliage_picture_clients") for name in told)
    assert any(name.startswith("alliage_http_request_seconds_count") for name in told)
    assert "alliage_source" not in answer.text
    assert FILE_STREAM not in answer.text


def test_a_proxy_or_a_foreign_name_is_not_this_machine(stranger: httpx.Client) -> None:
    assert stranger.get("metrics", headers={"X-Forwarded-For": "10.0.0.1"}).status_code == 401
    assert stranger.get("metrics", headers={"Host": "evil.example"}).status_code == 401


def test_metrics_may_be_for_administrators_only(tmp_path: Path) -> None:
    settings = dataclasses.replace(ServerSettings(), metrics="administrators")
    node = SmallNode(tmp_path, settings)
    try:
        assert node.client().get("metrics").status_code == 401
        assert node.client("bent").get("metrics").status_code == 403
        assert node.client("anna").get("metrics").status_code == 200
    finally:
        node.close()
