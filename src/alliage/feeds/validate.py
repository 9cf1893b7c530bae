"""Is every feed folder complete? ``python -m alliage.feeds.validate`` answers, and says why not.

Every rule is a function from a folder to complaints; each complaint says what is missing and
what it is needed for, so that a newcomer can follow it without reading this file.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from alliage.feeds.contract import Chunk, Decoded, Feed, Framing, merge
from alliage.feeds.reasons import SHARED_REASONS
from alliage.feeds.registry import FeedError, feed_folders, load_feed
from alliage.ontology.observation import check_batch
from alliage.ontology.schema import Ontology

LANGUAGES: Final = ("en", "fr")
README_SECTIONS: Final = ("What it reads", "Options", "Times", "Limits", "Sample")
FILES: Final = {
    "__init__.py": "makes the folder a package",
    "manifest.yaml": "says what the format is and what comes out of it",
    "options.py": "holds the pydantic model `Options` that a source's options are checked with",
    "decoder.py": "holds `make_decoder(options)`, the way to a decoder",
    "README.md": "tells users what is read and what is not",
}
MAX_SAMPLE_BYTES: Final = 256 * 1024
TESTS: Final = Path(__file__).parents[3] / "tests" / "feeds"
RECEIVED_US: Final = 1_767_225_600_000_000  # 2026-01-01, any fixed time will do


def validate_all(tests: Path | None = TESTS) -> list[str]:
    """Return every complaint about every feed folder; none means all is well.

    Args:
        tests: folder that has one folder of tests for each feed; None where tests are not
            installed.
    """
    return [line for folder in feed_folders() for line in validate_folder(folder, tests)]


def validate_folder(folder: Path, tests: Path | None = TESTS) -> list[str]:
    """Return every complaint about one feed folder."""
    complaints = list(_files(folder, tests))
    if not complaints:
        try:
            feed = load_feed(folder)
        except FeedError as error:
            return [str(error)]
        for rule in (_languages, _readme, _options, _ontology, _decodes, _survives_anything):
            complaints += rule(feed)
    return [f"{folder.name}: {complaint}" for complaint in complaints]


def sample_of(folder: Path) -> Path:
    """Return the feed's sample file.

    Raises:
        FileNotFoundError: there is none.
    """
    for path in sorted(folder.glob("sample.*")):
        return path
    raise FileNotFoundError(f"{folder}: no sample.* file")


def _files(folder: Path, tests: Path | None) -> Iterator[str]:
    for name, purpose in FILES.items():
        if not (folder / name).is_file():
            yield f"{name} is missing; it {purpose}"
    samples = list(folder.glob("sample.*"))
    if len(samples) != 1:
        yield f"needs exactly one sample.* file that proves the decoder, not {len(samples)}"
    elif samples[0].stat().st_size > MAX_SAMPLE_BYTES:
        yield f"{samples[0].name} is over {MAX_SAMPLE_BYTES} bytes; a sample is small, self-made"
    if tests is not None and not any((tests / folder.name).glob("test_*.py")):
        yield f"tests/feeds/{folder.name}/test_*.py is missing; nobody can change it safely"


def _languages(feed: Feed) -> Iterator[str]:
    manifest = feed.manifest
    for language in LANGUAGES:
        if not manifest.title.get(language):
            yield f"manifest.yaml: title lacks {language!r}; the Sources page shows it"
        for reason, texts in manifest.reasons.items():
            if not texts.get(language):
                yield f"manifest.yaml: reasons: {reason} lacks {language!r}; readers see it"


def _readme(feed: Feed) -> Iterator[str]:
    text = (feed.folder / "README.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+?)\s*$", text, re.MULTILINE)
    for section in README_SECTIONS:
        if section not in headings:
            yield f"README.md lacks the section `## {section}`; every feed's README has it"


def _options(feed: Feed) -> Iterator[str]:
    try:
        feed.options_model()
    except ValidationError as error:
        yield f"options.py: every option needs a default, so that a format can be tried: {error}"
        return
    for name in feed.options_model.model_fields.keys() ^ feed.manifest.options.keys():
        yield f"option {name!r} stands only in one of options.py and manifest.yaml"
    for name, option in feed.options_model.model_fields.items():
        told = feed.manifest.options.get(name, {})
        for key in {"type", "default", "help"} - told.keys():
            yield f"manifest.yaml: options: {name} lacks {key!r}; the reference is made from it"
        default = option.get_default(call_default_factory=True, validated_data={})
        if "default" in told and told["default"] != _plain(default):
            yield f"option {name!r}: manifest.yaml says {told['default']!r}, options.py {default!r}"


def _ontology(feed: Feed) -> Iterator[str]:
    known = _words().schemata
    for name in feed.manifest.schemata:
        if name not in known:
            yield f"manifest.yaml: schemata: {name!r} is not in the ontology"


def _decodes(feed: Feed) -> Iterator[str]:
    data = sample_of(feed.folder).read_bytes()
    try:
        decoded = decode_whole(feed, feed.options_model(), data)
    except Exception as fault:
        yield f"the decoder raises on the sample ({fault!r}); it must quarantine instead"
        return
    if not decoded.accepted:
        yield "the decoder accepts nothing in the sample; it must show every kind of report"
    yield from _output(feed, decoded)


def _output(feed: Feed, decoded: Decoded) -> Iterator[str]:
    static_types = _words().static_types()
    for batch in decoded.batches:
        try:
            check_batch(batch, static_types)
        except ValueError as error:
            yield f"a batch does not keep the contract: {error}"
    for kind in sorted({batch.kind for batch in decoded.batches} - set(feed.manifest.kinds)):
        yield f"{kind} batches come out, but manifest.yaml's kinds do not say so"
    told = feed.manifest.reasons.keys() | SHARED_REASONS.keys()
    for reason in sorted({item.reason for item in decoded.quarantined} - told):
        yield f"quarantines with the reason {reason!r}, which manifest.yaml has no texts for"


def _survives_anything(feed: Feed) -> Iterator[str]:
    for data in _damaged(sample_of(feed.folder).read_bytes()):
        try:
            decoded = decode_whole(feed, feed.options_model(), data)
        except Exception as fault:
            yield f"the decoder raises on damaged input ({fault!r}); it must quarantine instead"
            return
        yield from _output(feed, decoded)


def _damaged(sample: bytes) -> Iterator[bytes]:
    """The sample with bytes changed, lost or doubled, and noise; the same at every run."""
    dice = random.Random(1)  # noqa: S311 - chosen for being repeatable
    head = sample[:8192]
    for _ in range(20):
        data = bytearray(head)
        for _ in range(max(1, len(data) // 60)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        start = dice.randrange(len(data))
        yield bytes(data[:start] + data[start + dice.randrange(40) :])
        yield bytes(data[: start + 20] + data[start:])
    yield dice.randbytes(4096)


def decode_whole(feed: Feed, options: BaseModel, data: bytes) -> Decoded:
    """Decode bytes in one go with nothing around the decoder, so that its faults show."""
    decoder = feed.make_decoder(options)
    if feed.manifest.framing is Framing.LINES and not data.endswith(b"\n"):
        data += b"\n"
    parts = [decoder.feed([Chunk(data, RECEIVED_US)]), decoder.flush(RECEIVED_US)]
    return merge(parts)


@cache
def _words() -> Ontology:
    return Ontology.load()


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple | set | frozenset) else value


def main() -> int:
    """Print every complaint; 0 where there is none."""
    complaints = validate_all(TESTS if TESTS.is_dir() else None)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    if not complaints:
        print(f"{len(list(feed_folders()))} feeds are complete")
    return 1 if complaints else 0


if __name__ == "__main__":
    raise SystemExit(main())
