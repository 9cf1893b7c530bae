"""``alliage proof``: what proves to others what is in the log, and how they check it."""

from __future__ import annotations

import json as json_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliage.cli.audit import opened_log, read_checkpoint
from alliage.cli.exit_codes import ExitCode
from alliage.cli.home import Home, home_of
from alliage.cli.output import CommandError, Json, give, say

if TYPE_CHECKING:
    from alliage.log.algorithms import PublicKey

app = typer.Typer(no_args_is_help=True, help="Prove to others what is in the log.")

Older = Annotated[
    Path | None, typer.Option("--since", help="A checkpoint that was kept: prove that it holds.")
]


@app.command("checkpoint")
def proof_checkpoint(home: Home = None, since: Older = None, json: Json = False) -> None:
    """Print the newest checkpoint; with --since a proof that it continues an older one."""
    from alliage.log.proofs import ProofError

    older = None if since is None else read_checkpoint(since)
    with opened_log(home_of(home)) as (log, _):
        latest = log.audit().latest_checkpoint()
        if latest is None:
            raise CommandError("the log has no checkpoint yet", ExitCode.FAILED)
        if older is not None:
            try:
                give(log.audit().prove_consistency(older.checkpoint.size).to_json())
            except ProofError as error:
                raise CommandError(str(error), ExitCode.FAILED) from None
        elif json:
            give({"checkpoint": latest.note, "size": latest.checkpoint.size})
        else:
            typer.echo(latest.note, nl=False)


@app.command("entry")
def proof_entry(
    entry_id: Annotated[str, typer.Argument(help="32 hexadecimal digits, as the API names it.")],
    home: Home = None,
    json: Json = False,
) -> None:
    """Print a proof, as JSON, that an entry is in the log under its newest checkpoint."""
    from alliage.log.proofs import ProofError

    with opened_log(home_of(home)) as (log, _):
        try:
            proof = log.audit().prove_inclusion(entry_id)
        except ProofError as error:
            raise CommandError(str(error), ExitCode.FAILED) from None
    give(proof.to_json())
    if not json:
        say("It tells how many entries there are: give it to those who may know.")


@app.command("check")
def proof_check(
    file: Annotated[Path, typer.Argument(help="A proof, as the other commands print it.")],
    key: Annotated[str, typer.Option(help="The public key that signed the checkpoint, in hex.")],
    since: Older = None,
    json: Json = False,
) -> None:
    """Check a proof. Needs no node: only the proof and a public key of `alliage keys list`."""
    from alliage.log.proofs import InclusionProof, ProofError, proof_from_json

    try:
        proof = proof_from_json(json_module.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise CommandError(f"{file}: {error}", ExitCode.USAGE) from None
    public = _public(key)
    try:
        if isinstance(proof, InclusionProof):
            signed = proof.check(public)
            proved = f"entry {proof.header.get('entry_id')} is number {proof.number}"
        elif since is None:
            message = "this proof continues a checkpoint: name that one by --since"
            raise CommandError(message, ExitCode.USAGE)
        else:
            older = read_checkpoint(since)
            signed = proof.check(older, public)
            proved = f"the first {older.checkpoint.size} entries are what they were"
    except ProofError as error:
        raise CommandError(str(error), ExitCode.FAILED) from None
    head = signed.checkpoint
    if json:
        give({"ok": True, "proved": proved, "origin": head.origin, "size": head.size})
    else:
        typer.echo(f"{proved} of {head.size}, in {head.origin}")


def _public(text: str) -> PublicKey:
    from alliage.log.algorithms import ED25519, P384, AlgorithmError, PublicKey

    try:
        data = bytes.fromhex(text)
        return PublicKey(ED25519 if len(data) == 32 else P384, data)
    except (ValueError, AlgorithmError) as error:
        raise typer.BadParameter(f"no public key: {error}", param_hint="--key") from None
