"""Keys are made once, kept from other users, and read back."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from alliage.log import KeyFileError, NodeKeys


def test_keys_are_readable_by_their_owner_only_and_come_back(tmp_path: Path) -> None:
    made = NodeKeys.create(tmp_path / "keys")
    loaded = NodeKeys.load(tmp_path / "keys")
    assert loaded.stream_key == made.stream_key
    assert loaded.key_id == made.key_id
    assert loaded.public.verifies(made.signing.sign(b"words"), b"words")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()}
    assert modes == {0o600}


def test_keys_are_never_overwritten(tmp_path: Path) -> None:
    NodeKeys.create(tmp_path)
    with pytest.raises(KeyFileError, match="never overwritten"):
        NodeKeys.create(tmp_path)


def test_a_missing_or_broken_key_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match=r"signing\.pem: no such file"):
        NodeKeys.load(tmp_path)
    NodeKeys.create(tmp_path)
    (tmp_path / "stream.key").write_text("not hexadecimal")
    with pytest.raises(KeyFileError, match=r"stream\.key: not hexadecimal"):
        NodeKeys.load(tmp_path)


def test_the_repr_shows_no_secret() -> None:
    keys = NodeKeys.generate()
    assert keys.stream_key.hex() not in repr(keys)
    assert repr(keys.stream_key) not in repr(keys)
