"""A node's folder: where everything it keeps lies, and how a new one is made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alliage.access.accounts import Accounts
from alliage.access.principal import Role
from alliage.config import FILE_NAME, Config
from alliage.log.algorithms import ED25519
from alliage.log.keys import NodeKeys
from alliage.ontology.label import CLASSIFICATIONS
from alliage.ontology.times import WallClock

FIRST_USER: Final = "admin"
HIGHEST: Final = CLASSIFICATIONS[-1]


class HomeError(Exception):
    """A folder that cannot be used as a node's home; says why and what to do."""


@dataclass(frozen=True, slots=True)
class Home:
    """Paths in a node's folder. Truth is in ``log``; ``projections`` can be thrown away."""

    folder: Path

    @property
    def config(self) -> Path:
        """The configuration file."""
        return self.folder / FILE_NAME

    @property
    def keys(self) -> Path:
        """Folder of the node's secrets."""
        return self.folder / "keys"

    @property
    def log(self) -> Path:
        """Folder of the log."""
        return self.folder / "log"

    @property
    def accounts(self) -> Path:
        """File of users and sessions."""
        return self.folder / "accounts.sqlite"

    @property
    def claims(self) -> Path:
        """File of the claims projection."""
        return self.folder / "projections" / "claims.sqlite"

    @property
    def history(self) -> Path:
        """Folder of the history."""
        return self.folder / "projections" / "history"

    @property
    def picture(self) -> Path:
        """File of the picture as it stood lately."""
        return self.folder / "projections" / "picture.arrow"

    @property
    def search(self) -> Path:
        """File of the text index."""
        return self.folder / "projections" / "search.sqlite"

    @property
    def learned(self) -> Path:
        """Folder of what detectors have learned."""
        return self.folder / "projections" / "learned"

    @property
    def quarantine(self) -> Path:
        """File of the bytes that could not be used."""
        return self.folder / "quarantine.sqlite"

    @property
    def audit(self) -> Path:
        """File of the audit projection."""
        return self.folder / "projections" / "audit.sqlite"

    @property
    def audit_spool(self) -> Path:
        """Folder of what commands beside the node have done, until it writes that down."""
        return self.folder / "audit"

    def exists(self) -> bool:
        """Whether a node was made here."""
        return self.config.is_file()


def init_home(
    folder: Path,
    config_text: str,
    user: str = FIRST_USER,
    password: str | None = None,
    algorithm: str = ED25519,
) -> Home:
    """Make a node: configuration, keys, and a first user who is its administrator.

    Args:
        folder: made if it does not exist; nothing in it is overwritten.
        config_text: the configuration file's text; it is checked first.
        user: name of the first user, of the node's nation, cleared for everything.
        password: None for a user who can enter by one-time link only.
        algorithm: of the key that signs the log.

    Raises:
        HomeError: there is a node here already.
        ConfigError: the configuration has mistakes.
    """
    home = Home(folder)
    if home.exists():
        raise HomeError(f"{folder}: there is a node here already; `alliage run` starts it")
    config = Config.from_text(config_text, home.config)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    NodeKeys.create(home.keys, algorithm)
    accounts = Accounts(home.accounts, WallClock())
    try:
        accounts.add(
            user,
            nation=config.node.nation,
            clearance=HIGHEST,
            roles=frozenset(Role),
            password=password,
        )
    finally:
        accounts.close()
    # Last, since it is what says that a node is here.
    home.config.write_text(config_text, encoding="utf-8")
    return home
