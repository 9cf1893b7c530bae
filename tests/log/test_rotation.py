"""The signing key is replaced, old entries stay good, and no other key is taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from alliage.log import Draft, KeyNotInForceError, Log, LogInUseError, NodeKeys
from alliage.log.algorithms import ED25519, P384, AlgorithmError, PublicKey, SigningKey
from alliage.log.bodies import KeyChange
from alliage.log.keys import SIGNING_FILE, write_secret
from alliage.log.rotation import NEW_FILE, Rotation, rotate
from tests.log.support import DANES, TickingClock, claim


class Place:
    """A log and its keys in a folder."""

    def __init__(self, folder: Path, algorithm: str = ED25519) -> None:
        self.log, self.keys = folder / "log", folder / "keys"
        NodeKeys.create(self.keys, algorithm)

    def open(self) -> Log:
        return Log.open(self.log, NodeKeys.load(self.keys), "node-1", TickingClock())

    def say(self, count: int) -> None:
        log = self.open()
        log.append([Draft("denmark", DANES, (claim(number),)) for number in range(count)])
        log.close()

    def rotate(self, algorithm: str = ED25519) -> Rotation:
        return rotate(self.log, self.keys, "node-1", TickingClock(), algorithm)

    def fault(self) -> str | None:
        log = self.open()
        last = list(log.verify())[-1]
        log.close()
        return last.fault


@pytest.mark.parametrize("algorithm", [ED25519, P384])
def test_keys_of_either_algorithm_sign_and_come_back(tmp_path: Path, algorithm: str) -> None:
    key = SigningKey.generate(algorithm)
    again = SigningKey.from_pem(key.to_pem())
    signature = again.sign(b"words")
    public = PublicKey(algorithm, key.public.data)
    assert public.verifies(signature, b"words")
    assert not public.verifies(signature, b"other words")
    assert not public.verifies(signature[:-1], b"words")
    assert not SigningKey.generate(algorithm).public.verifies(signature, b"words")
    with pytest.raises(AlgorithmError):
        PublicKey(algorithm, key.public.data[:-1])
    place = Place(tmp_path, algorithm)
    place.say(3)
    assert place.fault() is None


def test_algorithms_that_nobody_chose_are_refused() -> None:
    with pytest.raises(AlgorithmError, match="none of"):
        SigningKey.generate("RSA")
    with pytest.raises(AlgorithmError, match="none of"):
        PublicKey("RSA", bytes(32))


def test_old_entries_stay_good_through_rotations_and_algorithms(tmp_path: Path) -> None:
    place = Place(tmp_path)
    before = NodeKeys.load(place.keys)
    algorithms = [P384, P384, ED25519]
    place.say(2)
    for algorithm in algorithms:
        rotated = place.rotate(algorithm)
        assert rotated.new.algorithm == algorithm
        place.say(2)
    assert place.fault() is None
    after = NodeKeys.load(place.keys)
    assert after.key_id != before.key_id
    assert after.stream_key == before.stream_key  # subjects keep their ids
    assert [path.name for path in place.keys.iterdir() if "new" in path.name] == []
    log = place.open()
    uses = log.audit().key_uses()
    assert [(use.first, use.last, use.in_force) for use in uses] == [
        (1, 3, False),
        (4, 6, False),
        (7, 9, False),
        (10, 11, True),
    ]
    assert log.audit().latest_checkpoint().checkpoint.origin == f"alliage/{before.key_id}"  # type: ignore[union-attr]
    log.close()


def test_the_old_private_key_is_destroyed(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.say(1)
    old = (place.keys / SIGNING_FILE).read_bytes()
    (tmp_path / "same.pem").hardlink_to(place.keys / SIGNING_FILE)
    place.rotate()
    assert old not in [path.read_bytes() for path in place.keys.iterdir()]
    assert (tmp_path / "same.pem").read_bytes() == bytes(len(old))


def test_the_key_can_be_replaced_before_anything_was_said(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.rotate(P384)
    place.say(1)
    assert place.fault() is None


def test_a_running_node_keeps_its_key(tmp_path: Path) -> None:
    place = Place(tmp_path)
    log = place.open()
    before = (place.keys / SIGNING_FILE).read_bytes()
    with pytest.raises(LogInUseError):
        place.rotate()
    assert (place.keys / SIGNING_FILE).read_bytes() == before
    log.close()


def test_after_a_rotation_that_was_cut_short_nothing_is_signed_until_it_is_finished(
    tmp_path: Path,
) -> None:
    place = Place(tmp_path)
    place.say(1)
    new = SigningKey.generate(P384)
    write_secret(place.keys / NEW_FILE, new.to_pem())
    log = place.open()
    log.hand_over(new.public)  # and here the power went
    with pytest.raises(KeyNotInForceError, match="run it again"):
        place.open()
    finished = place.rotate()
    assert finished.entry_id is None
    assert finished.new.key_id == new.public.key_id == NodeKeys.load(place.keys).key_id
    place.say(1)
    assert place.fault() is None


def test_a_new_key_that_the_log_never_heard_of_is_forgotten(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.say(1)
    write_secret(place.keys / NEW_FILE, SigningKey.generate().to_pem())
    rotated = place.rotate()
    assert rotated.entry_id is not None
    place.say(1)
    assert place.fault() is None


def test_a_key_of_somebody_else_signs_nothing_here(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.say(1)
    (place.keys / SIGNING_FILE).unlink()
    write_secret(place.keys / SIGNING_FILE, SigningKey.generate().to_pem())
    with pytest.raises(KeyNotInForceError):
        place.open()


@pytest.mark.parametrize("retired", [True, False])
def test_an_entry_signed_by_a_key_that_is_no_longer_or_not_yet_in_force_is_refused(
    tmp_path: Path, retired: bool
) -> None:
    place = Place(tmp_path)
    new = NodeKeys.generate()
    place.say(1)
    log = place.open()
    log._index.add_key(new.public)
    change = Draft("key", DANES, KeyChange(new.public))
    if retired:
        log.append([change])  # and then the old key goes on
    else:
        log._keys = new
    (entry,) = log.append([Draft("denmark", DANES, (claim(5),))])
    log.append([Draft("denmark", DANES, (claim(6),))])
    last = list(log.verify())[-1]
    assert last.fault is not None
    assert entry.entry_id in last.fault
    assert "is in force" in last.fault
    log.close()
