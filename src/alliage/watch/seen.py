"""The incidents that one reader sees, and what their order follows from."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Final, NamedTuple

from alliage.detection import DETECTORS
from alliage.detection.rules import RuleError, read_rule
from alliage.ontology.audience import Audience
from alliage.picture.view import PictureView
from alliage.watch.board import Board
from alliage.watch.incidents import Incident, incidents_of
from alliage.watch.ranking import BUDGET_PER_HOUR, Judged, folded, judged_of

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
        view: the picture for the same audience.
        rules: titles of watch rules by their ids.
    """

    incidents: list[Incident]
    judged: dict[str, Judged]
    folded: frozenset[str]
    view: PictureView
    rules: dict[str, RuleTitle]

    def find(self, alert_id: str) -> Incident | None:
        """The incident that one of its alerts names."""
        return next((one for one in self.incidents if alert_id in one.ids), None)

    def title_of(self, detector: str) -> dict[str, str]:
        """What was looked for, in both languages; a rule says so in one."""
        rule = self.rules.get(detector)
        return title_of(detector) if rule is None else {"en": rule.title, "fr": rule.title}


def watched_by(
    audience: Audience,
    board: Board,
    view: PictureView,
    kinds: frozenset[str],
    now_us: int,
    budget: int = BUDGET_PER_HOUR,
) -> Watched:
    """Everything on the board that these readers may see.

    Args:
        audience: who reads.
        board: the node's.
        view: the picture for this audience.
        kinds: of things, as watch rules name them.
        now_us: for what ends by itself.
        budget: how many incidents an hour are not folded.
    """
    incidents = incidents_of(
        board.tellings(audience),
        board.sayings(audience),
        lambda identifier: view.object_named(identifier) or identifier,
        now_us,
    )
    judged = judged_of(incidents)
    shown = [one for one in incidents if one.suppression is None and not one.is_closed]
    titles = _rule_titles(board, audience, kinds)
    return Watched(incidents, judged, folded(shown, judged, budget), view, titles)


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
