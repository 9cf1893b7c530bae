"""``alliage labels``: the security policies, the markings they write, and bindings to files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliage.cli.audit_trail import note
from alliage.cli.binding import bind_file, check_file, check_form, digest_of, refuse_lower
from alliage.cli.exit_codes import ExitCode
from alliage.cli.home import Home, home_of, load_config
from alliage.cli.output import CommandError, Json, give, give_table, say

if TYPE_CHECKING:
    from alliage.ontology.label import Label
    from alliage.ontology.label_xml import LabelDocument
    from alliage.ontology.policies import Policies
    from alliage.ontology.security_policy import SecurityPolicy

app = typer.Typer(no_args_is_help=True, help="Security policies, markings and bindings.")

LabelText = Annotated[
    str,
    typer.Argument(
        help='A label: its marking, "NATO RESTRICTED / REL TO DNK", or XML after STANAG 4774, as '
        "text or in a file."
    ),
]
Form = Annotated[str, typer.Option("--form", help="xml (STANAG 4778) or json (JWS).")]


@app.command("list")
def list_policies(home: Home = None, json: Json = False) -> None:
    """List the security policies that are known, with their classifications, lowest first."""
    from alliage.ontology.label import Label
    from alliage.ontology.marking import LANGUAGES, in_words

    policies = policies_of(home_of(home))
    if json:
        give([_plain(policy) for policy in policies.by_name.values()])
        return
    labels = [
        Label(policy.name, each.name)
        for policy in policies.by_name.values()
        for each in policy.ordered()
    ]
    rows = [
        [
            label.policy,
            label.classification,
            *(in_words(label, language, policies=policies) for language in LANGUAGES),
            _elsewhere(label, policies),
        ]
        for label in labels
    ]
    give_table(["policy", "classification", "English", "French", "is the same as"], rows)


@app.command("show")
def show(
    label: LabelText,
    xml: Annotated[bool, typer.Option("--xml", help="Write it as XML after STANAG 4774.")] = False,
    home: Home = None,
    json: Json = False,
) -> None:
    """Show what a policy writes for a label, on a page and before a paragraph; check the label.

    `--xml` writes the label for other systems instead, as of now, or with the times and the
    originator of the XML that it was read from; what is no label of its policy is refused.
    """
    from alliage.ontology.marking import LANGUAGES, in_words
    from alliage.ontology.security_policy import Place

    policies = policies_of(home_of(home))
    document = _document_of(label, policies)
    one = document.label
    problems = policies.problems_of(one)
    if xml:
        _give_xml(document, problems, policies)
        return
    words = {
        language: {str(place): in_words(one, language, place, policies) for place in Place}
        for language in LANGUAGES
    }
    level = policies.level(one)
    if json:
        shown = {"marking": one.marking, "label": one.to_json(), "words": words}
        give({**shown, "clearance": level, "problems": problems})
    else:
        rows = [
            [language, words[language]["page"], words[language]["portion"]] for language in words
        ]
        give_table(["language", "page", "portion"], rows)
        say(_reached(one, level))
        for problem in problems:
            say(f"Not valid: {problem}.")
    if problems:
        raise typer.Exit(ExitCode.FAILED)


@app.command("check")
def check(
    file: Annotated[Path, typer.Argument(help="A policy as XML SPIF.")], json: Json = False
) -> None:
    """Check a policy's file, and say what is read of it."""
    from alliage.ontology.spif import SpifError, read_spif

    try:
        policy = read_spif(file)
    except SpifError as error:
        raise CommandError(str(error), ExitCode.FAILED) from None
    if json:
        give(_plain(policy))
        return
    names = ", ".join(each.name for each in policy.ordered())
    say(f"{file}: policy {policy.name} ({policy.uri}): {names}")
    for tag in policy.tags.values():
        say(f"  {tag.name} ({tag.kind}): {', '.join(tag.values) or 'any values'}")
    for name, identifier in policy.equivalent_policies.items():
        say(f"  says what is equal in {name} (urn:oid:{identifier})")


@app.command("bind")
def bind(
    file: Annotated[Path, typer.Argument(help="The file to bind a label to.")],
    label: Annotated[str, typer.Option("--label", help="As for `labels show`: a marking, or XML.")],
    form: Form = "xml",
    home: Home = None,
    json: Json = False,
) -> None:
    """Bind a label to a file: signed by this node, written beside it (STANAG 4778).

    A label lower than the one that is bound already is refused. Each binding is audited.
    """
    folder = home_of(home)
    policies = policies_of(folder)
    one = label_of(label, policies)
    problems = policies.problems_of(one)
    if problems:
        raise CommandError(problems, ExitCode.USAGE)
    check_form(form)
    told = {"file": file.name, "marking": one.marking}
    try:
        refuse_lower(folder, file, one, policies)
    except CommandError:
        note(folder, "label.bound", "alliage labels bind", (), False, **told)
        raise
    written = bind_file(folder, file, (one,), form)
    note(folder, "label.bound", "alliage labels bind", sha384=digest_of(file), **told)
    if json:
        give({"file": str(file), "binding": str(written), "marking": one.marking})
    else:
        say(f"{written}: {one.marking}")


@app.command("verify")
def verify(
    file: Annotated[Path, typer.Argument(help="The file that was bound.")],
    certificate: Annotated[
        Path | None,
        typer.Option("--certificate", help="Of who signed it, PEM. Default: this node's own."),
    ] = None,
    home: Home = None,
    json: Json = False,
) -> None:
    """Check that a file is what was bound, by whom, and show the label."""
    folder = home_of(home)
    binding, path, signer = check_file(folder, file, certificate)
    from alliage.ontology.times import to_text

    markings = [each.marking for each in binding.labels]
    told: dict[str, Any] = {
        "file": str(file),
        "binding": str(path),
        "markings": markings,
        "bound": to_text(binding.created_us),
        "by": None if binding.originator is None else binding.originator.value,
        "certificate_sha256": signer,
    }
    if json:
        give(told)
    else:
        typer.echo(" // ".join(markings))
        say(f"{path}: bound {told['bound']} by {told['by']}, certificate {signer}")


def policies_of(folder: Path) -> Policies:
    """The policies of the node in this folder; the packaged ones where there is no node."""
    from alliage.ontology.policies import packaged_policies

    if not folder.is_dir():
        return packaged_policies()
    labels = load_config(folder).labels
    policies = labels.load()
    for problem in labels.problems(policies):
        say(f"Left out: {problem}.")
    return policies


def label_of(text: str, policies: Policies) -> Label:
    """A label from its marking, from XML, or from a file of XML.

    Raises:
        CommandError: it is none; says what one looks like.
    """
    return _document_of(text, policies).label


def _document_of(text: str, policies: Policies) -> LabelDocument:
    """The same, with what else its XML says; a marking says nothing else."""
    from alliage.ontology.label_text import LabelTextError, parse_label
    from alliage.ontology.label_xml import LabelDocument, LabelXmlError, label_from_xml

    try:
        said = _in_file(text)
        if said is None:
            said = text.encode()
        if said.lstrip(_BEFORE_XML).startswith(b"<"):
            return label_from_xml(said, policies)
        return LabelDocument(parse_label(said.decode(errors="replace").strip()), None)
    except (LabelTextError, LabelXmlError) as error:
        raise CommandError(str(error), ExitCode.USAGE) from None
    except OSError as error:
        raise CommandError(f"{text}: {error.strerror}", ExitCode.USAGE) from None


_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
"""What may stand before the first tag: byte order marks, and zeros of UTF-16."""


def _in_file(text: str) -> bytes | None:
    """What a file of this name holds, whatever it is called; None where there is none."""
    from alliage.ontology.label_xml import MAX_BYTES

    if "\n" in text or text.lstrip().startswith("<"):
        return None
    try:
        with Path(text).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError, ValueError):
        if text.lower().endswith(".xml"):
            raise
        return None


def _give_xml(document: LabelDocument, problems: list[str], policies: Policies) -> None:
    from alliage.ontology.label_xml import label_to_xml
    from alliage.ontology.times import WallClock

    if problems:
        raise CommandError(problems, ExitCode.FAILED)
    if document.created_us is None:
        document = replace(document, created_us=WallClock().now_us())
    typer.echo(label_to_xml(document, policies).decode(), nl=False)


def _reached(label: Label, level: str | None) -> str:
    from alliage.ontology.label import CategoryKind

    if level is None:
        return _UNREACHED
    asking = [one.tag for one in label.categories if one.kind is not CategoryKind.INFORMATIVE]
    if not asking:
        return f"A clearance reaches it from {level} upwards."
    return f"A clearance from {level} upwards reaches it, where {' and '.join(asking)} allow it."


_UNREACHED = "No clearance reaches it: no policy says what it is in the words of clearances."


def _elsewhere(label: Label, policies: Policies) -> str:
    """What a classification is in the other policies, as any of them says."""
    found = [
        f"{name} {equal.name}"
        for name in policies.by_name
        if name != label.policy and (equal := policies.classification_in(label, name)) is not None
    ]
    return ", ".join(found)


def _plain(policy: SecurityPolicy) -> dict[str, Any]:
    return {
        "name": policy.name,
        "id": policy.uri,
        "file": str(policy.source),
        "classifications": [
            {"name": each.name, "hierarchy": each.hierarchy, "colour": each.colour}
            for each in policy.ordered()
        ],
        "categories": [
            {"tag": tag.name, "kind": str(tag.kind), "values": list(tag.values)}
            for tag in policy.tags.values()
        ],
        "equivalent_policies": dict(policy.equivalent_policies),
    }
