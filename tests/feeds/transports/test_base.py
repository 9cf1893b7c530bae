"""States, retries and settings that all transports share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from alliage.feeds.transports.base import Backoff
from alliage.feeds.transports.registry import KINDS, parse_transport


@given(st.floats(0.01, 10), st.floats(10, 60), st.integers(1, 200))
def test_pauses_double_up_to_the_cap_with_jitter(first: float, cap: float, attempts: int) -> None:
    backoff = Backoff(first, cap)
    for attempt in range(attempts):
        longest = min(cap, first * 2.0 ** min(attempt, 60))
        assert longest / 2 <= backoff.next_s() <= longest


def test_after_a_reset_the_first_pause_is_short_again() -> None:
    backoff = Backoff(1.0, 60.0)
    for _ in range(10):
        backoff.next_s()
    backoff.reset()
    assert backoff.next_s() <= 1.0


def test_an_unknown_kind_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="'pigeon' is no transport; known: file, tcp_client"):
        parse_transport({"kind": "pigeon"})


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"kind": "tcp_client", "host": "h"}, "port"),
        ({"kind": "tcp_client", "host": "h", "port": 0}, "port"),
        ({"kind": "udp", "port": 1, "colour": "red"}, "colour"),
        ({"kind": "http", "url": "ftp://example.org"}, "url"),
        ({"kind": "http", "url": "https://me:secret@example.org"}, "url"),
        ({"kind": "serial", "device": "/dev/x", "parity": "maybe"}, "parity"),
        ({"kind": "file", "path": "x", "pace": "fast"}, "pace"),
    ],
)
def test_a_wrong_setting_is_named(data: dict[str, object], key: str) -> None:
    with pytest.raises(ValidationError) as caught:
        parse_transport(data)
    assert key in str(caught.value.errors()[0]["loc"])


@pytest.mark.parametrize("pace", [0, -1, float("inf"), float("nan")])
def test_a_pace_is_above_zero(pace: float) -> None:
    with pytest.raises(ValidationError, match="a factor above 0"):
        parse_transport({"kind": "file", "path": "x", "pace": pace})


def test_every_setting_is_described() -> None:
    for kind in KINDS.values():
        for name, field in kind.config.model_fields.items():
            assert name == "kind" or field.description, f"{kind.config.__name__}.{name}"
