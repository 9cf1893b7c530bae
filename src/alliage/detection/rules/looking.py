"""A rule as something that looks: what the engine asks beside the detectors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from alliage.detection import called
from alliage.detection.columns import Kept
from alliage.detection.contract import Evidence, Finding, Reason
from alliage.detection.features import Feature
from alliage.detection.rules.of_things import LONGEST_SILENCE_S, Silent
from alliage.detection.rules.rule import Rule
from alliage.detection.rules.said import RuleVersion
from alliage.detection.rules.titled import titled
from alliage.detection.scene import Reports, Scene
from alliage.detection.things import Rows
from alliage.detection.wording import Words, since
from alliage.ontology.claim import RULE_ID

HEARD_S: Final = 600.0
"""Who was heard longer ago is where it was then no more, as far as a rule is concerned."""

SURE: Final = 0.8
"""A rule holds where reports are right; whether it matters is what people judge."""

MOST_FOUND: Final = 200
"""At one look: a rule that holds of everything tells of a part, and its page says so."""


class RuleLooker:
    """Looks for one rule in one version."""

    linger_s: float = 300.0

    def __init__(self, rule_id: str, said: RuleVersion, rule: Rule) -> None:
        """``rule_id`` as in claims, with its prefix; ``rule`` as read from what is said."""
        if not rule_id.startswith(RULE_ID):
            raise ValueError(f"{rule_id!r} does not begin with {RULE_ID!r}")
        self.name = rule_id
        self.version = said.version
        self.said = said
        self.rule = rule
        self._is_silent = any(isinstance(one, Silent) for one in rule.conditions)
        self._kept = Kept(since_us=np.int64(0))
        self._crowded_us: dict[str, int] = {}

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """What the rule holds of, for as long as it asks."""
        things = self._fitting(scene)
        if self.rule.crowd is not None:
            yield from self._crowds(scene, things)
            return
        self._kept.grow(scene.things.count)
        since, before = self._kept["since_us"], self._kept["since_us"][things]
        began_us = scene.things.valid_us[things]
        since[:] = 0
        since[things] = np.where(before > 0, before, began_us)
        lasts_us = scene.now_us - since[things]
        ripe = things[lasts_us >= self.rule.lasts_s * 1e6]
        # One object that several streams follow is told of once, under what stands for it.
        _, first = np.unique(scene.things.stands_for[ripe], return_index=True)
        for thing in ripe[np.sort(first)][:MOST_FOUND].tolist():
            yield self._finding(scene, thing, int(since[thing]))

    def count(self, scene: Scene) -> int:
        """Of how many objects, or areas, its conditions hold now, however long they have."""
        things = self._fitting(scene)
        if self.rule.crowd is None:
            return len(np.unique(scene.things.stands_for[things]))
        crowd = self.rule.crowd
        counts = [crowd.count_in(area, scene, things) for area in crowd.areas(scene)]
        return sum(count is not None for count in counts)

    def _fitting(self, scene: Scene) -> Rows:
        """Of which things all conditions hold now."""
        things = scene.live(LONGEST_SILENCE_S if self._is_silent else HEARD_S)
        conditions = self.rule.conditions
        for condition in conditions:
            if condition.cost > 0:
                break
            things = things[condition.holds(scene, things)]
        if self.rule.kinds and len(things):
            things = things[scene.things.is_of(self.rule.kinds, things)]
        for condition in conditions:
            if condition.cost > 0 and len(things):
                things = things[condition.holds(scene, things)]
        return things

    def _crowds(self, scene: Scene, things: Rows) -> Iterable[Finding]:
        crowd, before = self.rule.crowd, self._crowded_us
        assert crowd is not None
        self._crowded_us = {}
        for area in crowd.areas(scene):
            count = crowd.count_in(area, scene, things)
            if count is None:
                continue
            since_us = before.get(area.identifier, scene.now_us)
            self._crowded_us[area.identifier] = since_us
            if scene.now_us - since_us >= self.rule.lasts_s * 1e6:
                yield self._area_finding(scene, area, count, since_us)

    def _finding(self, scene: Scene, thing: int, since_us: int) -> Finding:
        table = scene.things
        last_us = int(table.valid_us[thing])
        figures = {
            name: round(float(value), 2)
            for name, value in (
                ("speed_mps", table.speed_mps[thing]),
                ("lasts_s", (scene.now_us - since_us) / 1e6),
            )
            if value == value  # NaN is not
        }
        return Finding(
            things=(int(table.stands_for[thing]),),
            since_us=since_us,
            probability=SURE,
            reason=self._reason(scene, (table.name_of(thing),) * 2, since_us),
            lat=float(table.lat[thing]),
            lon=float(table.lon[thing]),
            figures=figures,
            evidence=(Evidence(thing, since_us), Evidence(thing, last_us)),
        )

    def _area_finding(self, scene: Scene, area: Feature, count: int, since_us: int) -> Finding:
        crowd = self.rule.crowd
        assert crowd is not None
        place = area.geometry.representative_point()
        name = called.feature(scene, area, begins=True)
        return Finding(
            things=(),
            since_us=since_us,
            probability=SURE,
            reason=self._reason(
                scene,
                name,
                since_us,
                crowd.words(count),
            ),
            lat=place.y,
            lon=place.x,
            figures={"count": float(count)},
            area=area.identifier,
            feature=area,
        )

    def _reason(
        self, scene: Scene, name: Words, since_us: int, first: Words | None = None
    ) -> Reason:
        said = [] if first is None else [first]
        said += [titled(scene.ontology, condition) for condition in self.rule.conditions]
        if self.rule.lasts_s:
            said.append(since(since_us, scene.now_us))
        english = ", ".join(words[0] for words in said)
        french = ", ".join(words[1] for words in said)
        return Reason(
            f"{name[0]}: {english} (rule “{self.rule.title}”)",
            f"{name[1]}\u00a0: {french} (règle «\u00a0{self.rule.title}\u00a0»)",
        )
