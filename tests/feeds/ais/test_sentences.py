"""Sentences: prefixes, checksums, parts, tag blocks, time marks, and what cannot be used."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from alliage.feeds.ais.decoder import make_decoder
from alliage.feeds.ais.options import Options
from alliage.feeds.contract import Chunk, Decoded
from tests.feeds.ais.conftest import NOW_US, decode
from tests.feeds.ais.vectors import checksummed, sentences, tag_block

POSITION = sentences("1")[0]
PARTS = sentences("5")


def reasons(decoded: Decoded) -> Counter[str]:
    return Counter(item.reason for item in decoded.quarantined)


def rows(decoded: Decoded) -> list[dict[str, Any]]:
    return [row for batch in decoded.batches for row in batch.rows.to_pylist()]


def resummed(line: bytes, old: bytes, new: bytes) -> bytes:
    """A sentence with something replaced, and a checksum that holds."""
    return checksummed(line.partition(b"*")[0].replace(old, new, 1).decode())


@pytest.mark.parametrize("talker", ["AIVDM", "BSVDM", "ABVDM", "--VDM", "AIVDO", "BSVDO"])
def test_any_talker_is_heard(talker: str) -> None:
    assert decode(sentences("1", talker)[0] if "-" not in talker else
                  resummed(POSITION, b"AI", b"--")).accepted == 1  # fmt: skip


def test_own_ship_sentences_can_be_left_out() -> None:
    decoded = decode(sentences("1", "AIVDO")[0], options=Options(own_ship=False))
    assert (decoded.accepted, decoded.ignored) == (0, {"own_ship": 1})


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (POSITION.replace(b",A,1", b",A,2"), "checksum"),
        (POSITION.partition(b"*")[0], "checksum"),
        (POSITION[:-2] + b"ZZ", "checksum"),
        (tag_block("s:x").replace(b"x*", b"y*"), "checksum"),
        (b"!AIVDM", "checksum"),
        (b"hello, world", "not_nmea"),
        (b"\xff\xfe\x00\x01", "not_nmea"),
        (b"\\s:x*00", "not_nmea"),
        (resummed(POSITION, b"1,1,,A", b"1,2,,A"), "not_nmea"),
        (resummed(POSITION, b"1,1,,A", b"1,1,,A,A"), "armour"),
        (resummed(POSITION, b"13@n", b"13~n"), "armour"),
        (resummed(POSITION, b"13@n", b"13Xn"), "armour"),
        (checksummed("!AIVDM,1,1,,A,13@ndh,0"), "too_short"),
        (checksummed("!AIVDM,1,1,,A,13@ndh@2isPhiHR,0"), "too_short"),
        (checksummed("!AIVDM,1,1,,A," + "0" * 10 + ",0"), "unknown_type"),
        (checksummed("!AIVDM,1,1,,A,w" + "0" * 30 + ",0"), "unknown_type"),
        (checksummed("!AIVDM,1,1,,A,1" + "0" * 200 + ",0"), "too_long"),
        (b"!" + b"A" * 5000, "too_long"),
        (PARTS[0], "incomplete"),
        (PARTS[1], "incomplete"),
    ],
)
def test_what_cannot_be_used_is_kept_with_the_reason(line: bytes, reason: str) -> None:
    decoded = decode(POSITION, line, sentences("18")[0])
    (kept,) = decoded.quarantined
    assert (kept.reason, kept.received_us) == (reason, NOW_US)
    assert kept.data == line[:1024]
    assert decoded.accepted == 2  # its neighbours are not lost


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"# a comment", "comment"),
        (checksummed("$PSTT,30A,20140928,160844"), "other_sentence"),
        (checksummed("$GPVTG,54.7,T,34.4,M,5.5,N,10.2,K"), "other_sentence"),
        (checksummed("!AIVDM,1,1,,B,,0"), "no_payload"),
        (checksummed("!AIVDM,1,1,,A,H3@ndl`" + "0" * 21 + ",0"), "message_24"),
        (checksummed("!AIVDM,1,1,,A,D" + "0" * 20 + ",0"), "message_20"),
        (tag_block("s:x"), "tag_block"),
        (checksummed("$PGHP,1,2026,3,14,15,9,8,120,219,,2190002,1,2B"), "time_mark"),
    ],
)
def test_what_is_sound_and_says_nothing_is_counted(line: bytes, reason: str) -> None:
    decoded = decode(line)
    assert (decoded.ignored, decoded.quarantined) == ({reason: 1}, [])


def test_blank_lines_and_carriage_returns_do_not_matter() -> None:
    decoded = decode(b"", POSITION + b"\r", b" \r", b"  " + sentences("18")[0] + b" ")
    assert (decoded.accepted, decoded.ignored, decoded.quarantined) == (2, {}, [])


def test_a_last_line_without_newline_counts_at_the_flush() -> None:
    decoder = make_decoder(Options())
    assert decoder.feed([Chunk(POSITION, NOW_US)]).accepted == 0
    assert decoder.flush(NOW_US).accepted == 1


def test_parts_find_each_other_across_calls_and_other_lines() -> None:
    decoder = make_decoder(Options(hold_s=0))
    decoder.feed([Chunk(PARTS[0] + b"\n" + POSITION + b"\n", NOW_US)])
    decoder.feed([Chunk(PARTS[1] + b"\n", NOW_US + 1_000_000)])
    decoded = decoder.flush(NOW_US)
    assert rows(decoded)[0]["name"] == "EXAMPLE STAR"
    assert decoded.quarantined == []


def test_messages_of_two_channels_with_one_sequence_do_not_mix() -> None:
    other = [resummed(part, b",3,A,", b",3,B,") for part in sentences("5", shipname="OTHER")]
    decoded = decode(PARTS[0], other[0], PARTS[1], other[1])
    assert sorted(row["name"] for row in rows(decoded)) == ["EXAMPLE STAR", "OTHER"]


def test_messages_of_two_tag_block_groups_do_not_mix() -> None:
    one = [tag_block(f"g:{n}-2-11") + part for n, part in enumerate(PARTS, 1)]
    made = enumerate(sentences("5", shipname="OTHER"), 1)
    two = [tag_block(f"g:{n}-2-12") + part for n, part in made]
    decoded = decode(one[0], two[0], one[1], two[1])
    assert sorted(row["name"] for row in rows(decoded)) == ["EXAMPLE STAR", "OTHER"]


def test_parts_of_two_peers_do_not_mix() -> None:
    decoder = make_decoder(Options())
    decoder.feed([Chunk(PARTS[0] + b"\n", NOW_US, "one"), Chunk(PARTS[1] + b"\n", NOW_US, "two")])
    assert reasons(decoder.flush(NOW_US)) == {"incomplete": 1}


def test_a_first_part_that_comes_again_gives_up_the_old_one() -> None:
    decoded = decode(PARTS[0], PARTS[0], PARTS[1])
    assert (decoded.accepted, reasons(decoded)) == (1, {"incomplete": 1})


def test_parts_too_far_apart_do_not_belong_together() -> None:
    second = NOW_US // 1_000_000
    late = [tag_block(f"c:{second + 11 * n}") + part for n, part in enumerate(PARTS)]
    assert reasons(decode(*late)) == {"incomplete": 2}
    decoder = make_decoder(Options())
    decoder.feed([Chunk(PARTS[0] + b"\n", NOW_US)])
    decoded = decoder.feed([Chunk(POSITION + b"\n", NOW_US + 11_000_000)])
    assert reasons(decoded) == {"incomplete": 1}


def test_the_table_of_unfinished_messages_is_bounded() -> None:
    decoder = make_decoder(Options())
    lines = [tag_block(f"g:1-2-{n}") + PARTS[0] for n in range(2000)]
    decoded = decoder.feed([Chunk(b"\n".join(lines) + b"\n", NOW_US)])
    assert len(decoder.assembler.unfinished) == 512
    assert reasons(decoded) == {"incomplete": 2000 - 512}


def recorded(*lines: bytes) -> list[tuple[float | None, list[str]]]:
    """Seconds of the recorded minute, and receivers, of each row."""
    found = []
    for row in rows(decode(*lines)):
        when = row["recorded"]
        found.append((None if when is None else round(when.timestamp() % 60, 3), row["receivers"]))
    return found


MARK = checksummed("$PGHP,1,2026,3,14,15,9,8,120,219,45,992190934,1,2B")
SECOND = NOW_US // 1_000_000


def test_a_time_mark_speaks_of_the_next_sentence_only() -> None:
    assert recorded(MARK, POSITION, sentences("18")[0]) == [(8.12, ["992190934"]), (None, [])]


def test_a_time_mark_of_another_sentence_says_nothing_of_ours() -> None:
    other = checksummed("$PSTT,30A,,")
    assert recorded(MARK, other, POSITION) == [(None, [])]


def test_a_time_mark_waits_for_its_sentence_across_calls() -> None:
    decoder = make_decoder(Options())
    decoder.feed([Chunk(MARK + b"\n", NOW_US)])
    decoder.feed([Chunk(POSITION + b"\n", NOW_US)])
    (row,) = rows(decoder.flush(NOW_US))
    assert row["receivers"] == ["992190934"]


def test_a_time_mark_that_is_no_time_says_nothing() -> None:
    for field in ("1970,3,14,15,9,8", "2026,13,14,15,9,8", "2026,2,30,15,9,8", "2026,3,14,24,9,8",
                  "2026,3,14,15,61,8", "2026,3,14,,9,8", "2026,3,x,15,9,8"):  # fmt: skip
        mark = checksummed(f"$PGHP,1,{field},120,219,,2190002,1,2B")
        assert recorded(mark, POSITION) == [(None, [])], field


@pytest.mark.parametrize("station", ["7", "42", "2190067", "12345678", "992190934"])
def test_a_station_number_of_any_length_is_read(station: str) -> None:
    mark = checksummed(f"$PGHP,1,2026,3,14,15,9,8,5,219,,{station},1,2B")
    assert recorded(mark, POSITION) == [(8.005, [station])]


def test_a_mark_without_station_leaves_it_to_the_tag_block_before() -> None:
    mark = checksummed("$PGHP,1,2026,3,14,15,9,8,99,0,,808,,1,13")
    empty = checksummed("$PGHP,1,2026,3,14,15,9,8,99,679,,,1,13")
    assert recorded(tag_block("si:AISSAT"), empty, POSITION) == [(8.099, ["AISSAT"])]
    assert recorded(mark, POSITION) == [(8.099, [])]


@pytest.mark.parametrize("time", [f"{SECOND}", f"{SECOND}000"])
def test_a_tag_block_gives_time_in_seconds_or_milliseconds(time: str) -> None:
    assert recorded(tag_block(f"s:north,c:{time}") + POSITION) == [(10.0, ["north"])]
    assert recorded(tag_block(f"s:north,c:{time}"), POSITION) == [(10.0, ["north"])]


def test_the_tag_block_of_the_sentence_counts_before_the_mark() -> None:
    line = tag_block(f"s:north,c:{SECOND}") + POSITION
    assert recorded(MARK, line) == [(10.0, ["north"])]


def test_a_tag_block_whose_checksum_fails_says_nothing() -> None:
    line = tag_block(f"s:north,c:{SECOND}").replace(b"north", b"south") + POSITION
    assert recorded(line) == [(None, [])]


def test_time_and_station_behind_the_checksum_are_read() -> None:
    assert recorded(POSITION + b",%d" % SECOND) == [(10.0, [])]
    trailer = b",s22222,d-103,T43.5,r003669945,%d" % SECOND
    assert recorded(POSITION + trailer) == [(10.0, ["003669945"])]


def test_an_origin_a_day_ahead_of_us_is_not_believed() -> None:
    assert recorded(tag_block(f"c:{SECOND + 2 * 86_400}") + POSITION) == [(None, [])]


def test_a_message_in_parts_is_recorded_with_its_first_part() -> None:
    assert recorded(MARK, *PARTS) == [(8.12, ["992190934"])]


def test_a_shortened_static_message_is_read_as_far_as_it_goes() -> None:
    short = resummed(PARTS[1], b",A,h0000000000,2", b",A,h000000000,0")
    (row,) = rows(decode(PARTS[0], short))
    assert (row["name"], row["dte_ready"]) == ("EXAMPLE STAR", None)


def test_fill_bits_do_not_make_a_difference() -> None:
    last = resummed(PARTS[1], b"h0000000000,2", b"h0000000003,2")
    decoded = decode(*PARTS, PARTS[0], last)
    assert (decoded.accepted, decoded.duplicates) == (1, 1)
