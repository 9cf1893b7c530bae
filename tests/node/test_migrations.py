"""Files of every schema that ever was are opened by today's code, with all that is in them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from alliage.access.accounts import Accounts
from alliage.access.api_tokens import Scope
from alliage.access.principal import Role
from alliage.feeds.contract import Quarantined
from alliage.feeds.quarantine import QuarantineStore
from alliage.history import claim_table
from alliage.history.claims import ClaimStore
from alliage.log import Draft, Log, NodeKeys, SourceChange
from alliage.log.database import migrate_to, open_database
from alliage.ontology.audience import machine_audience
from alliage.ontology.times import WallClock
from tests.log.support import DANES, FRENCH, TickingClock, claim, positions

ROOT = Path(__file__).parents[2] / "src" / "alliage"
ACCOUNTS, LOG = ROOT / "access" / "migrations", ROOT / "log" / "migrations"
PASSWORD = "correct horse battery"


def revisions(folder: Path) -> list[str]:
    """Every schema that there ever was, the oldest first."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    scripts = ScriptDirectory.from_config(config).walk_revisions()
    return [script.revision for script in scripts][::-1]


def as_it_was(today: Path, migrations: Path, revision: str) -> None:
    """Make a file's twin under an older schema, with all the data that this schema has room for."""
    older = today.with_suffix(".older")
    engine = open_database(older)
    with engine.begin() as connection:
        migrate_to(connection, migrations, revision)
    engine.dispose()
    with closing(sqlite3.connect(older)) as connection, connection:
        connection.execute("ATTACH ? AS today", (str(today),))
        names = "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name != ?"
        for (table,) in connection.execute(names, ("alembic_version",)).fetchall():
            listed = connection.execute(f"PRAGMA main.table_info({table})").fetchall()
            columns = ", ".join(f'"{column[1]}"' for column in listed)
            connection.execute(
                f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM today.{table}"
            )
    assert not list(older.parent.glob(f"{older.name}-*"))
    for file in today.parent.glob(f"{today.name}*"):
        file.unlink()
    older.rename(today)


@pytest.mark.parametrize("revision", revisions(ACCOUNTS))
def test_accounts_of_every_schema_keep_people_sessions_and_tokens(
    tmp_path: Path, revision: str
) -> None:
    path = tmp_path / "accounts.sqlite"
    accounts = Accounts(path, WallClock())
    roles = frozenset({Role.ANALYST, Role.ADMINISTRATOR})
    user = accounts.add(
        "anna", nation="DNK", clearance="SECRET", roles=roles, password=PASSWORD, language="fr"
    )
    session = accounts.sign_in("anna", PASSWORD)
    user_id = user.principal.user_id
    secret, _ = accounts.api_tokens.issue(user_id, "reader", [Scope.READ], 1)
    accounts.close()
    as_it_was(path, ACCOUNTS, revision)

    accounts = Accounts(path, WallClock())
    try:
        found = accounts.user(user_id)
        assert found.principal.name == "anna"
        assert found.principal.roles == roles
        assert found.language == "fr"
        assert accounts.sign_in("anna", PASSWORD).session.principal == found.principal
        assert accounts.session(session.token) is not None
        if revision != "0001":  # there were no tokens yet
            assert accounts.api_tokens.find(secret) is not None
        assert accounts.api_tokens.issue(user_id, "new", [Scope.READ], 1)
    finally:
        accounts.close()


@pytest.fixture
def keys() -> NodeKeys:
    return NodeKeys.generate()


@pytest.mark.parametrize("revision", revisions(LOG))
def test_logs_of_every_schema_verify_read_and_go_on(
    tmp_path: Path, keys: NodeKeys, revision: str
) -> None:
    folder = tmp_path / "log"
    log = Log.open(folder, keys, "node-1", TickingClock())
    log.append(
        [
            Draft("denmark", DANES, positions(["mmsi:1", "mmsi:2"])),
            Draft("denmark", FRENCH, (claim(1), claim(2))),
            Draft("denmark", DANES, SourceChange({"name": "denmark"})),
        ]
    )
    log.close()
    as_it_was(folder / "index.sqlite", LOG, revision)

    looked_at = Log.open(folder, keys, "node-1", TickingClock(), read_only=True)
    assert [step.fault for step in looked_at.verify()][-1:] == [None]
    looked_at.close()
    log = Log.open(folder, keys, "node-1", TickingClock())
    try:
        log.append([Draft("denmark", DANES, (claim(3),))])
        read = log.reader(machine_audience(log.label_sets)).read()
        assert [entry.number for entry in read] == [1, 2, 3, 4]
        assert read[0].observations().rows.num_rows == 2
        assert read[1].claims() == (claim(1), claim(2))
        assert read[1].labels == FRENCH
        assert [step.fault for step in log.verify()][-1:] == [None]
    finally:
        log.close()


@pytest.mark.parametrize("version", range(claim_table.VERSION + 1))
def test_a_claims_file_of_any_version_is_made_again_or_taken_as_it_is(
    tmp_path: Path, keys: NodeKeys, version: int
) -> None:
    log = Log.open(tmp_path / "log", keys, "node-1", TickingClock())
    log.append([Draft("denmark", DANES, (claim(1), claim(2)))])
    machines = machine_audience(log.label_sets)
    path = tmp_path / "claims.sqlite"
    store = ClaimStore(path)
    store.catch_up(log.reader(machines))
    store.close()
    with sqlite3.connect(path) as connection:
        if version != claim_table.VERSION:  # an older table lacks what was added since
            connection.execute("DROP INDEX claims_names")
            connection.execute("ALTER TABLE claims DROP COLUMN names")
        connection.execute(f"PRAGMA user_version = {version}")
    store = ClaimStore(path)
    try:
        store.catch_up(log.reader(machines))
        found = store.reader(machines).page().claims
        assert {item.claim.claim_id for item in found} == {f"{n:032x}" for n in (1, 2)}
    finally:
        store.close()
        log.close()


def test_a_quarantine_of_an_earlier_run_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "quarantine.sqlite"
    store = QuarantineStore.open(path)
    store.add("denmark", 0, [Quarantined(b"rubbish", "checksum", "says 00", 1)])
    store.close()
    store = QuarantineStore.open(path)
    try:
        with sqlite3.connect(path) as connection:
            assert connection.execute("SELECT reason FROM quarantined").fetchall() == [
                ("checksum",)
            ]
    finally:
        store.close()
