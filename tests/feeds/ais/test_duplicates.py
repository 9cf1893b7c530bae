"""One transmission heard by several stations is one observation that keeps every receiver."""

from __future__ import annotations

from typing import Any

from alliage.feeds.ais.decoder import AisDecoder, make_decoder
from alliage.feeds.ais.options import Options
from alliage.feeds.contract import Chunk, Decoded, merge
from tests.feeds.ais.conftest import NOW_US
from tests.feeds.ais.vectors import sentences, tag_block

SECOND_US = 1_000_000
POSITION = sentences("1")[0]
OTHER = sentences("18")[0]
DISTRESS = sentences("1", status=14)[0]


def heard(station: str, at_ms: int, sentence: bytes = POSITION) -> bytes:
    """A sentence with the station that heard it and when."""
    return tag_block(f"s:{station},c:{NOW_US // 1000 + at_ms}") + sentence + b"\n"


def feed(decoder: AisDecoder, *lines: bytes, received_us: int = NOW_US) -> Decoded:
    return decoder.feed([Chunk(line, received_us) for line in lines])


def rows(decoded: Decoded) -> list[dict[str, Any]]:
    return [row for batch in decoded.batches for row in batch.rows.to_pylist()]


def test_stations_that_hear_one_message_are_kept_together() -> None:
    decoder = make_decoder(Options())
    first = feed(decoder, heard("north", 0), heard("south", 20), heard("north", 40))
    decoded = merge([first, decoder.flush(NOW_US)])
    (row,) = rows(decoded)
    assert row["receivers"] == ["north", "south"]
    assert (decoded.accepted, decoded.duplicates) == (1, 2)


def test_a_report_is_held_back_until_the_stream_has_moved_on() -> None:
    decoder = make_decoder(Options(hold_s=0.5))
    assert feed(decoder, heard("north", 0)).accepted == 0
    assert feed(decoder, heard("south", 400)).accepted == 0
    decoded = feed(decoder, heard("east", 501, OTHER))
    assert [row["receivers"] for row in rows(decoded)] == [["north", "south"]]


def test_a_report_is_held_back_no_longer_than_real_time_says() -> None:
    decoder = make_decoder(Options(hold_s=0.5))
    feed(decoder, heard("north", 0))
    decoded = feed(decoder, heard("east", 0, OTHER), received_us=NOW_US + 600_000)
    assert decoded.accepted == 1


def test_what_comes_after_the_wait_is_counted_and_adds_nothing() -> None:
    decoder = make_decoder(Options(hold_s=0.5))
    decoded = merge(
        [
            feed(decoder, heard("north", 0)),
            feed(decoder, heard("east", 600, OTHER)),
            feed(decoder, heard("south", 700)),
            decoder.flush(NOW_US),
        ]
    )
    assert [row["receivers"] for row in rows(decoded)] == [["north"], ["east"]]
    assert (decoded.accepted, decoded.duplicates) == (2, 1)


def test_what_was_given_out_by_a_flush_is_still_remembered() -> None:
    decoder = make_decoder(Options())
    feed(decoder, heard("north", 0))
    decoder.flush(NOW_US)
    decoded = merge([feed(decoder, heard("south", 100)), decoder.flush(NOW_US)])
    assert (decoded.accepted, decoded.duplicates) == (0, 1)


def test_the_same_words_after_the_window_are_a_new_report() -> None:
    decoder = make_decoder(Options(duplicate_window_s=10))
    lines = [heard("north", 0), heard("north", 10_000), heard("south", 10_001),
             heard("east", 20_001), heard("west", 20_500)]  # fmt: skip
    decoded = merge([feed(decoder, *lines), decoder.flush(NOW_US)])
    assert [row["receivers"] for row in rows(decoded)] == [["north"], ["south"], ["west"]]
    assert decoded.duplicates == 2


def test_the_window_is_measured_from_the_first_of_them() -> None:
    decoder = make_decoder(Options(duplicate_window_s=10))
    lines = [heard("a", at) for at in (0, 9_000, 11_000, 20_000, 22_000)]
    decoded = merge([feed(decoder, *lines), decoder.flush(NOW_US)])
    starts = [(row["recorded"].timestamp() - NOW_US / SECOND_US) for row in rows(decoded)]
    assert [round(start) for start in starts] == [0, 11, 22]


def test_times_that_run_backwards_do_not_part_duplicates() -> None:
    decoder = make_decoder(Options())
    decoded = merge([feed(decoder, heard("a", 3000), heard("b", 0)), decoder.flush(NOW_US)])
    assert [row["receivers"] for row in rows(decoded)] == [["a", "b"]]


def test_without_recorded_times_the_time_of_receipt_decides() -> None:
    decoder = make_decoder(Options(duplicate_window_s=10))
    line = POSITION + b"\n"
    decoded = merge(
        [feed(decoder, line, received_us=NOW_US + at * SECOND_US) for at in (0, 9, 11, 30)]
        + [decoder.flush(NOW_US)]
    )
    assert (decoded.accepted, decoded.duplicates) == (3, 1)


def test_distress_does_not_wait() -> None:
    decoder = make_decoder(Options(hold_s=10))
    decoded = feed(decoder, heard("north", 0), heard("north", 1, DISTRESS))
    assert [batch.urgent for batch in decoded.batches] == [True]
    again = merge([feed(decoder, heard("south", 2, DISTRESS)), decoder.flush(NOW_US)])
    assert (again.accepted, again.duplicates) == (1, 1)


def test_a_station_whose_clock_is_hours_ahead_does_not_hold_the_stream_up() -> None:
    decoder = make_decoder(Options(hold_s=0.5))
    feed(decoder, heard("mad", 20 * 3_600_000, OTHER))
    feed(decoder, heard("north", 1000), received_us=NOW_US + SECOND_US)
    decoded = feed(decoder, heard("x", 2000, OTHER), received_us=NOW_US + 2 * SECOND_US)
    assert decoded.accepted == 1


def test_memory_is_bounded_whatever_comes() -> None:
    decoder = make_decoder(Options())
    for number in range(40):
        block = b"".join(
            sentences("1", mmsi=100_000_000 + number * 1000 + n)[0] + b"\n" for n in range(1000)
        )
        decoder.feed([Chunk(block, NOW_US)])
    assert len(decoder.duplicates.held) <= 8193
