"""An entry can be checked by anybody who has it, with nothing of ours but the public key."""

from __future__ import annotations

import hashlib
import json

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from alliage.log import Draft, Log, NodeKeys
from tests.log.support import BOTH, claim

HEADER = {
    "format",
    "algorithm",
    "entry_id",
    "node",
    "stream",
    "labels",
    "kind",
    "rows",
    "valid_min_us",
    "valid_max_us",
    "body_sha256",
}


def check(sent: dict[str, object], body: bytes, public: bytes) -> None:
    """Verify as docs/decisions/0020 says, with the standard library's JSON."""
    header = {key: sent[key] for key in HEADER}
    digest = hashlib.sha256(bytes.fromhex(str(sent["salt"])) + body).hexdigest()
    if digest != header["body_sha256"]:
        raise InvalidSignature
    text = json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    signed = b"alliage entry\n" + text.encode()
    Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(str(sent["signature"])), signed)


def test_an_outsider_can_check_an_entry(log: Log, keys: NodeKeys) -> None:
    (entry,) = log.append([Draft("Ærø 1", BOTH, (claim(1), claim(2)))])
    sent = json.loads(json.dumps(entry.to_json()))
    public = keys.public.data
    body = entry.body_bytes().to_pybytes()
    check(sent, body, public)
    for change in ({"stream": "other"}, {"rows": 3}, {"labels": sent["labels"][:1]}):
        with pytest.raises(InvalidSignature):
            check({**sent, **change}, body, public)
    with pytest.raises(InvalidSignature):
        check(sent, body + b" ", public)


def test_equal_bodies_have_unequal_hashes(log: Log) -> None:
    first, second = log.append([Draft("denmark", BOTH, (claim(1),))] * 2)
    assert first.header.body_hash != second.header.body_hash
    assert first.entry_id != second.entry_id
