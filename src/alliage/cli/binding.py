"""Bindings from the command line: which form, which key, and where the binding lies."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from alliage.cli.exit_codes import ExitCode
from alliage.cli.home import load_config
from alliage.cli.output import CommandError

if TYPE_CHECKING:
    from alliage.access.binding import Binding
    from alliage.ontology.label import Label
    from alliage.ontology.policies import Policies

FORMS = ("xml", "json")


def check_form(form: str) -> None:
    """Refuse what is no form of a binding.

    Raises:
        CommandError: names the forms.
    """
    if form not in FORMS:
        raise CommandError(f"{form!r} is not one of {', '.join(FORMS)}", ExitCode.USAGE)


def bind_file(folder: Path, file: Path, labels: Iterable[Label], form: str) -> Path:
    """Write the binding of a file beside it, signed by the node in ``folder``.

    Returns:
        Where it lies: the file's name and ``.bdo`` (XML) or ``.bdoj`` (JSON).

    Raises:
        CommandError: there is nothing to bind, no key, or the file cannot be read.
    """
    from alliage.access.binder import Binder, Form
    from alliage.access.binding import BindingError, data_of
    from alliage.home import Home
    from alliage.ontology.times import WallClock

    check_form(form)
    node = load_config(folder).node
    binder = Binder(Home(folder).keys, node.name, node.nation)
    try:
        name, data = binder.bind(labels, data_of(file), Form(form), WallClock().now_us())
        path = file.with_name(name)
        path.write_bytes(data)
    except (BindingError, OSError) as error:
        raise CommandError(f"{file}: {_reason(error)}", ExitCode.FAILED) from None
    return path


def refuse_lower(folder: Path, file: Path, label: Label, policies: Policies) -> None:
    """Refuse a label that is lower than one that is or was bound to a file.

    A binding that was taken away still stands in the node's audit, by the file's bytes.

    Raises:
        CommandError: it is lower, or what lies beside the file is no binding by this node.
    """
    from alliage.access import binding_json, binding_xml
    from alliage.cli.bound_before import bound_before

    try:
        known = bound_before(folder, digest_of(file)) if folder.is_dir() else set()
    except OSError as error:
        raise CommandError(f"{file}: {_reason(error)}", ExitCode.FAILED) from None
    higher = sorted(each for each in known if not policies.covers(label, each))
    if higher:
        raise CommandError(
            f"{file}: this node has exported or bound these bytes as {higher[0].marking}, and "
            f"{label.marking} is lower: lowering takes two people, who release what is in it; "
            "export that",
            ExitCode.FAILED,
        )
    beside = [file.with_name(file.name + one.SUFFIX) for one in (binding_xml, binding_json)]
    there = [path for path in beside if path.exists()]
    if not there:
        return
    names = ", ".join(path.name for path in there)
    try:
        bound, _, _ = check_file(folder, file, None, changed=True)
    except CommandError as error:
        raise CommandError(
            f"{error}: {names} is not bound anew; move it away if the label is yours to say",
            ExitCode.FAILED,
        ) from None
    lower = [each for each in bound.labels if not policies.covers(label, each)]
    if lower:
        raise CommandError(
            f"{file}: {names} binds {lower[0].marking}, and {label.marking} is lower: "
            "lowering takes two people, who release what is in it; export that",
            ExitCode.FAILED,
        )


def check_file(
    folder: Path, file: Path, certificate: Path | None, changed: bool = False
) -> tuple[Binding, Path, str]:
    """Check every binding that lies beside a file.

    Args:
        folder: the node's, whose own certificate counts where none is named.
        file: what was bound.
        certificate: of who signed it, PEM.
        changed: take it also where the file was changed since.

    Returns:
        The binding, where it lies, and the certificate's fingerprint.

    Raises:
        CommandError: there is no binding, it does not hold, or two of them differ.
    """
    from alliage.access import binding_json, binding_xml
    from alliage.access.binding import (
        CERTIFICATE_FILE,
        MAX_BINDING_BYTES,
        BindingError,
        data_of,
        fingerprint,
        read_certificate,
        refuse_other_data,
    )
    from alliage.home import Home

    checks = {
        binding_xml.SUFFIX: binding_xml.check_xml,
        binding_json.SUFFIX: binding_json.check_json,
    }
    beside = {file.with_name(file.name + suffix): check for suffix, check in checks.items()}
    there = [path for path in beside if path.is_file()]
    if not there:
        names = " nor ".join(path.name for path in beside)
        raise CommandError(f"{file}: no binding beside it: neither {names}", ExitCode.FAILED)
    try:
        signer = read_certificate(certificate or Home(folder).keys / CERTIFICATE_FILE)
        found: list[Binding] = []
        for path in there:
            with path.open("rb") as opened:
                data = opened.read(MAX_BINDING_BYTES + 1)
            found.append(beside[path](data, signer))
            if not changed:
                refuse_other_data(found[-1].data, data_of(file))
    except (BindingError, OSError) as error:
        raise CommandError(f"{file}: {_reason(error)}", ExitCode.FAILED) from None
    if any(each.labels != found[0].labels for each in found):
        raise CommandError(f"{file}: its two bindings say different labels", ExitCode.FAILED)
    return found[0], there[0], fingerprint(signer)


def digest_of(file: Path) -> str:
    """SHA-384 of a file that was bound, as hexadecimal digits."""
    from alliage.access.binding import data_of

    return data_of(file).sha384.hex()


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
