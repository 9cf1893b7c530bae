"""``alliage access``: the policy of who may see what."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from alliage.cli.exit_codes import ExitCode
from alliage.cli.output import CommandError, Json, give, say

app = typer.Typer(no_args_is_help=True, help="Who may see what: show and check the policy.")


@app.command("policy")
def policy(
    schema: Annotated[bool, typer.Option(help="Show what a policy may speak of.")] = False,
) -> None:
    """Show the policy that Alliage brings: the text to begin one's own with."""
    from alliage.access.cedar import default_policy, schema_text

    typer.echo(schema_text() if schema else default_policy().text, nl=False)


@app.command("check")
def check(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A policy in Cedar.")],
    json: Json = False,
) -> None:
    """Check a policy before it is put in force: `alliage access check access.cedar`."""
    from alliage.access.cedar import Policy, PolicyError

    try:
        checked = Policy.load(path)
    except PolicyError as error:
        raise CommandError(error.problems, ExitCode.CONFIGURATION) from None
    looked_at = sorted(checked.reading.whole | checked.reading.values.keys())
    if json:
        give({"ok": True, "digest": checked.digest, "looks_at": looked_at})
    else:
        say(f"The policy is right. Of a reader it looks at: {', '.join(looked_at) or 'nothing'}.")
