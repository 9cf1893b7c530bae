"""The rules of one detection context: claims in, what looks for them out."""

from __future__ import annotations

from collections.abc import Collection

from alliage.detection.rules.looking import RuleLooker
from alliage.detection.rules.rule import RuleError, read_rule
from alliage.detection.rules.said import RuleVersion
from alliage.ontology.claim import RETRACTION, RULE, Claim


class RuleBook:
    """What people said of rules; of each the newest version that stands is looked for."""

    def __init__(self, kinds: Collection[str]) -> None:
        """``kinds``: what a rule may be about."""
        self._kinds = kinds
        self._said: dict[str, dict[str, RuleVersion]] = {}  # by rule and claim, in known order
        self._rule_of: dict[str, str] = {}
        self._looking: dict[str, RuleLooker] = {}

    def say(self, claim: Claim) -> str | None:
        """Take a claim in; any that is about no rule leaves no trace.

        Returns:
            The rule that is looked for anew from now on, or no longer; None: all is as it was.
        """
        rule_id = self._take(claim)
        if rule_id is None:
            return None
        before = self._looking.get(rule_id)
        self._follow(rule_id)
        return None if self._looking.get(rule_id) is before else rule_id

    def _take(self, claim: Claim) -> str | None:
        if claim.property == RETRACTION:
            rule_id = self._rule_of.pop(str(claim.value), None)
            if rule_id is not None:
                del self._said[rule_id][str(claim.value)]
            return rule_id
        if claim.property != RULE:
            return None
        try:
            version = RuleVersion.from_value(str(claim.value))
        except ValueError:  # of a version of Alliage that says it otherwise
            return None
        self._said.setdefault(claim.identifier, {})[claim.claim_id] = version
        self._rule_of[claim.claim_id] = claim.identifier
        return claim.identifier

    def forget(self) -> None:
        """Look for nothing, whatever was said."""
        self._said, self._rule_of, self._looking = {}, {}, {}

    def look_for(self, looker: RuleLooker) -> None:
        """Look for a rule that nobody said yet: to try it out."""
        self._looking[looker.name] = looker

    def lookers(self) -> list[RuleLooker]:
        """What looks for the rules that are on, in the order of their identifiers."""
        return [looker for _, looker in sorted(self._looking.items())]

    def begin_anew(self) -> None:
        """Forget what was seen: a recording begins again. The rules stay."""
        self._looking = {
            rule_id: RuleLooker(rule_id, one.said, one.rule)
            for rule_id, one in self._looking.items()
        }

    def _follow(self, rule_id: str) -> None:
        said = list(self._said[rule_id].values())
        stands = said[-1] if said else None
        looking = self._looking.get(rule_id)
        if stands is None or not stands.on or stands.gone:
            self._looking.pop(rule_id, None)
        elif looking is None or looking.said != stands:
            try:
                rule = read_rule(stands.text, self._kinds)
                self._looking[rule_id] = RuleLooker(rule_id, stands, rule)
            except (RuleError, ValueError):  # the page says what is wrong with it
                self._looking.pop(rule_id, None)
