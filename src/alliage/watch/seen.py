"""The incidents that one reader sees, and what their order follows from."""

from __future__ import annotations

import threading
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from alliage.detection import DETECTORS
from alliage.detection.rules import RuleError, read_rule
from alliage.ontology.audience import Audience
from alliage.picture.view import PictureView
from alliage.watch.board import Board
from alliage.watch.incidents import Incident, holds_until_us, incidents_of
from alliage.watch.ranking import BUDGET_PER_HOUR, Judged, alike, folded, judged_of

READERS_AT_MOST: Final = 64

_TITLES: Final = {one.name: {"en": one.title.en, "fr": one.title.fr} for one in DETECTORS}


class RuleTitle(NamedTuple):
    """How a watch rule is called now, and the label set under which somebody said so."""

    title: str
    label_set: int


@dataclass(frozen=True)
class Watched:
    """The incidents of one audience.

    Attributes:
        incidents: in the order of their beginnings.
        judged: by detector how people judged what it found.
        folded: ids of those beyond the hour's budget.
        alike: by the id of one that stands for what a rule gave at once those of the others.
        view: the picture for the same audience.
        rules: titles of watch rules by their ids.
    """

    incidents: list[Incident]
    judged: dict[str, Judged]
    folded: frozenset[str]
    alike: dict[str, tuple[str, ...]]
    view: PictureView
    rules: dict[str, RuleTitle]

    def find(self, alert_id: str) -> Incident | None:
        """The incident that one of its alerts names."""
        return next((one for one in self.incidents if alert_id in one.ids), None)

    def title_of(self, detector: str) -> dict[str, str]:
        """What was looked for, in both languages; a rule says so in one."""
        rule = self.rules.get(detector)
        return title_of(detector) if rule is None else {"en": rule.title, "fr": rule.title}


class _Kept(NamedTuple):
    """What was found for some readers, and what it holds for."""

    seen: Watched
    version: int
    objects: dict[str, str]
    from_us: int
    until_us: int


class Memory:
    """What was found for the readers who asked last. Any thread asks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int], _Kept] = OrderedDict()

    def find(
        self, key: tuple[str, int], version: int, view: PictureView, now_us: int
    ) -> Watched | None:
        """What was found, if it holds still: nothing new, nothing run out, the same objects."""
        with self._lock:
            kept = self._kept.get(key)
        if kept is None or kept.version != version or not kept.from_us <= now_us <= kept.until_us:
            return None
        same = all(
            (view.object_named(identifier) or identifier) == known
            for identifier, known in kept.objects.items()
        )
        return kept.seen if same else None

    def keep(self, key: tuple[str, int], kept: _Kept) -> None:
        """Remember it, and forget those who have not asked for longest."""
        with self._lock:
            self._kept[key] = kept
            self._kept.move_to_end(key)
            while len(self._kept) > READERS_AT_MOST:
                self._kept.popitem(last=False)


def watched_by(
    audience: Audience,
    board: Board,
    view: PictureView,
    kinds: frozenset[str],
    now_us: int,
    budget: int = BUDGET_PER_HOUR,
    memory: Memory | None = None,
) -> Watched:
    """Everything on the board that these readers may see.

    Args:
        audience: who reads.
        board: the node's.
        view: the picture for this audience.
        kinds: of things, as watch rules name them.
        now_us: for what ends by itself.
        budget: how many incidents an hour are not folded.
        memory: what was found before is taken from there while it holds.
    """
    version = board.version  # before anything is read: what comes meanwhile is read anew then
    key = (audience.key, budget)
    kept = None if memory is None else memory.find(key, version, view, now_us)
    if kept is not None:
        return replace(kept, view=view)
    tellings, sayings = board.tellings(audience), board.sayings(audience)
    objects: dict[str, str] = {}

    def object_of(identifier: str) -> str:
        found = objects.get(identifier)
        if found is None:
            found = objects[identifier] = view.object_named(identifier) or identifier
        return found

    incidents = incidents_of(tellings, sayings, object_of, now_us)
    judged = judged_of(incidents)
    shown = [one for one in incidents if one.suppression is None and not one.is_closed]
    titles = _rule_titles(board, audience, kinds)
    beyond, at_once = folded(shown, judged, budget), alike(shown, judged)
    seen = Watched(incidents, judged, beyond, at_once, view, titles)
    if memory is not None:
        until_us = holds_until_us(tellings, sayings, now_us)
        memory.keep(key, _Kept(seen, version, objects, now_us, until_us))
    return seen


def title_of(detector: str) -> dict[str, str]:
    """What a detector looks for, in both languages; its name where this version has none such."""
    return _TITLES.get(detector, {"en": detector, "fr": detector})


def _rule_titles(board: Board, audience: Audience, kinds: frozenset[str]) -> dict[str, RuleTitle]:
    titles = {}
    for rule_id, versions in board.rules(audience).items():
        newest = versions[-1]
        with suppress(RuleError):
            title = read_rule(newest.version.text, kinds).title
            titles[rule_id] = RuleTitle(title, newest.label_set)
    return titles
