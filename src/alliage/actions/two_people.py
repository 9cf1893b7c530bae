"""Whether what somebody decides of another's proposal is the word of two people."""

from __future__ import annotations

from alliage.access.standing import Standing
from alliage.actions.proposals import Proposal
from alliage.actions.writer import Writing, author_of


def why_not_two(standing: Standing, decider: Writing, proposal: Proposal) -> str:
    """Why two accounts are not two people; "": they are.

    Neither may be an account by which an administrator could act, whoever that is, and the
    proposal may not be older than its author's account counts.
    """
    proposer = author_of(proposal.stored.stream)
    for name in (decider.person.name, proposer):
        if why := standing.why_not(name):
            return f"it takes two people: {why}"
    if proposal.stored.number < (standing.since(proposer) or 0):
        return (
            f"it takes two people: {proposer!r} proposed this before somebody vouched for the "
            "account: it has to be proposed anew"
        )
    return ""
