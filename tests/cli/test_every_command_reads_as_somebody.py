"""No command answers with data unless it is told as whom it reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from alliage.cli.main import app

NO_DATA = {
    "init": "makes a node",
    "run": "serves; its readers sign in",
    "demo": "serves an invented node; its readers sign in",
    "ingest": "writes; says how many rows were taken and why others were not",
    "doctor": "says whether a node is well: its own files, never what a source said",
    "backup": "copies a node, keys and all, to who can read its folder anyway; shows nothing",
    "restore": "lays a copy back; shows nothing",
    "verify": "whether the log is whole; names a bad entry by its number",
    "proof checkpoint": "hashes and signatures",
    "proof entry": "hashes and signatures of an entry whose id one has",
    "proof check": "a proof that one has",
    "keys list": "the node's public keys",
    "keys rotate": "the node's public keys",
    "labels list": "security policies, which are configuration",
    "labels show": "a label that one types",
    "labels check": "a policy's file",
    "labels bind": "a file that one has",
    "labels verify": "a file that one has",
    "history status": "files and rows on the disk in all, for who holds the node's folder",
    "history rebuild": "as history status",
    "history redecode": "how many observations differ, for who holds the node's folder",
    "search rebuild": "how many things were read, for who holds the node's folder",
    "config path": "the node's configuration",
    "config show": "the node's configuration",
    "config check": "the node's configuration",
    "notifications test": "a message of fixed words, and what the other side answered",
    "users list": "accounts, on the machine that holds them",
    "users add": "accounts, on the machine that holds them",
    "users vouch": "as users list",
    "users change": "accounts, on the machine that holds them",
    "access policy": "the policy that Alliage brings",
    "access check": "a policy's text",
    "track": "a file of plots that one has",
    "resolve": "files of names that one has",
    "detect": "files of names that one has",
    "version": "this program",
}
"""What needs no reader, and why nothing labelled is told."""


def _commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield before + name, command


def test_every_command_reads_as_a_user_or_is_listed_here() -> None:
    commands = dict(_commands(typer.main.get_command(app)))
    as_somebody = {
        name
        for name, command in commands.items()
        if any("--as" in option.opts and option.required for option in command.params)
    }
    assert as_somebody >= {"query tracks", "query observations", "query claims", "export"}
    assert commands.keys() - as_somebody == NO_DATA.keys()
