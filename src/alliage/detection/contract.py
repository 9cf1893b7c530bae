"""What every detector keeps, so that thirty of them look alike.

A detector is one file in ``detectors/``: its settings, its words in English and French, and one
class. It holds columns and no clock, reads the scene and never changes it, and says at every look
what holds now. When that began to be so, is told of again and is over, is not its business: see
:mod:`alliage.detection.lifecycle`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol, runtime_checkable

from alliage.ontology.cited import Cited

if TYPE_CHECKING:
    from alliage.detection.features import Feature
    from alliage.detection.intake import Columns
    from alliage.detection.scene import Message, Reports, Scene
    from alliage.detection.settings import DetectorSettings


class Reason(NamedTuple):
    """Why, in one plain sentence of each language."""

    en: str
    fr: str


class Evidence(NamedTuple):
    """One report that a finding rests on: a row of the scene's things, and when it was so."""

    thing: int
    valid_us: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What a detector says holds now.

    Attributes:
        things: rows of the scene's things that it is about, the chief one first; none where it is
            about a stream as a whole.
        since_us: since when it has been so.
        probability: that it is so, 0 to 1, as measured on what was judged (calibrated).
        reason: why.
        lat: where it is now, degrees; NaN for the chief thing's last place.
        lon: the same.
        figures: what was measured, SI units in the names (``distance_m``).
        evidence: the reports that it rests on.
        claims: what was said that it rests on, as of the plan that it is judged by.
        area: identifier of the area, cable or other feature that it is about; "" for none.
        priority: whether it is to be seen first, as a call for help is.
        stream: name of the stream that it is about, where it is about no thing.
        feature: what it is about, where that is an area or such as a whole.
        is_over: whether these are the last words of what went on: they end it, and begin nothing.
    """

    things: tuple[int, ...]
    since_us: int
    probability: float
    reason: Reason
    lat: float = float("nan")
    lon: float = float("nan")
    figures: Mapping[str, float] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    claims: tuple[Cited, ...] = ()
    area: str = ""
    priority: bool = False
    stream: str = ""
    feature: Feature | None = None
    is_over: bool = False


class Looker(Protocol):
    """What an engine asks at every look: a detector, or a rule that somebody wrote."""

    @property
    def name(self) -> str:
        """As in alerts: ``loitering``, ``rule:5f0c…``."""
        ...

    @property
    def version(self) -> int:
        """Another one where it finds something else in the same reports."""
        ...

    @property
    def linger_s(self) -> float:
        """How long after it was last said a situation counts as going on."""
        ...

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Say what holds now."""
        ...


class Detector(Protocol):
    """Looks for one kind of situation, as this version of Alliage knows it."""

    name: ClassVar[str]
    """As in the configuration and in alerts: ``loitering``."""
    version: ClassVar[int]
    """Raised when it finds something else in the same reports."""
    title: ClassVar[Reason]
    """What it looks for, in two or three words."""
    linger_s: ClassVar[float]
    """How long after it was last said a situation counts as going on."""
    settings_type: ClassVar[type[DetectorSettings]]

    def __init__(self, settings: DetectorSettings) -> None:
        """With the node's settings of it."""

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Say what holds now.

        Args:
            scene: everything that the context has heard, with the reports of this look in it.
            reports: those of this look alone; may be empty.
        """
        ...


@runtime_checkable
class Learning(Protocol):
    """A detector that can tell nothing where it has not learned yet.

    ``ready``: the part of the things it watches, 0 to 1, of which it could tell.
    """

    name: ClassVar[str]
    ready: float


@runtime_checkable
class Prompt(Protocol):
    """What also says something before the look is over, of single reports: who calls for help.

    It says the same at the end of the look, where it is the same situation.
    """

    @property
    def name(self) -> str:
        """As in alerts."""
        ...

    @property
    def version(self) -> int:
        """As of a looker."""
        ...

    @property
    def linger_s(self) -> float:
        """As of a looker."""
        ...

    def at_once(
        self, scene: Scene, columns: Columns, messages: Sequence[Message]
    ) -> Iterable[tuple[int, Finding]]:
        """Say what these reports alone tell.

        Args:
            scene: everything that the context had heard by the end of the last look.
            columns: position reports that have come, in known order.
            messages: texts that have come.

        Yields:
            When each finding was so, microseconds, and the finding.
        """
        ...
