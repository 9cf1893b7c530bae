"""The table of the configuration for a source's tracker."""

from __future__ import annotations

from typing import Self

from pydantic import Field, field_validator, model_validator

from alliage.config_section import Section
from alliage.fusion import Association, ByExistence, Settings
from alliage.fusion.choices import Motion, confirmation_of, modes_of


class TrackerConfig(Section):
    """``[sources.tracker]``: how plots of a sensor without identities become tracks."""

    enabled: bool = Field(default=True, description="Whether plots are followed at all.")
    detection_probability: float = Field(
        default=0.9, gt=0, lt=1, description="That a look gives a plot of a thing within reach."
    )
    clutter_per_km2: float = Field(
        default=0.01, gt=0, description="False plots in a look and square kilometre."
    )
    clutter_per_degree: float = Field(
        default=0.02, gt=0, description="The same for bearings alone, by degree."
    )
    max_range_m: float | None = Field(
        default=None, gt=0, description="How far the sensor reaches. Absent: everywhere."
    )
    things: str = Field(
        default="Platform", description="The schema of what is followed, as far as is known."
    )
    speed_std_mps: float = Field(
        default=10.0, gt=0, description="How fast a thing may be, one standard deviation."
    )
    acceleration_psd_m2ps3: float = Field(
        default=0.05,
        gt=0,
        description="How restless: velocity changes by sqrt(psd t) in t seconds.",
    )
    every_s: float = Field(
        default=2.0, ge=0, description="A track is written down at most so often."
    )
    late_s: float = Field(
        default=10.0, ge=0, le=600, description="How late a look of one sensor of several may be."
    )
    motion: tuple[Motion, ...] = Field(
        default=(Motion.STRAIGHT,),
        min_length=1,
        description="How things move: `straight`; `ships`, whose speed returns to its mean, for "
        "long gaps between looks; `turns`, to either side or straight on; `rest`, at anchor or "
        "moored. One, or a list: then each track is weighed under all of them (IMM).",
    )
    turn_rate_degps: float = Field(
        default=3.0, gt=0, le=90, description="How fast `turns` turn, degrees a second."
    )
    association: Association = Field(
        default=Association.JOINT,
        description="Which plots are a track's: `jpda` weighs all that may be, `gnn` takes the "
        "nearest, so that things close together are not drawn towards each other.",
    )
    confirm: str = Field(
        default="existence",
        pattern=r"^(existence|[0-9]{1,2}/[0-9]{1,2})$",
        description="When a track stands: by its `existence`, or as in `3/5` after three plots in "
        "five looks.",
    )
    confirm_from: float = Field(
        default=0.8, gt=0, lt=1, description="By existence: how probable it then is."
    )
    show_from: float = Field(
        default=0.4,
        gt=0,
        lt=1,
        description="By existence: a track that stands is told while it is so probable.",
    )
    delete_below: float = Field(
        default=0.01, gt=0, lt=1, description="By existence: it ends when it is less probable."
    )
    delete_after_misses: int = Field(
        default=4, ge=1, le=64, description="By plots in looks: it ends after so many without one."
    )
    lost_beyond_m: float = Field(
        default=2000.0,
        gt=0,
        description="A track ends when its place is no better known, one standard deviation.",
    )

    lines_beyond_m: float = Field(
        default=1000.0,
        gt=0,
        description="Bearings alone: things are no nearer than this, as a rule. It says how fast "
        "their bearings may change.",
    )

    @field_validator("motion", mode="before")
    @classmethod
    def _is_a_list(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _can_be_used(self) -> Self:
        self.to_settings()
        return self

    def to_settings(self) -> Settings:
        """What the tracker is set to.

        Raises:
            ValueError: values do not go together.
        """
        by_existence = ByExistence(self.confirm_from, self.show_from, self.delete_below)
        return Settings(
            modes=modes_of(self.motion, self.acceleration_psd_m2ps3, self.turn_rate_degps),
            association=self.association,
            confirmation=confirmation_of(self.confirm, by_existence, self.delete_after_misses),
            speed_std_mps=self.speed_std_mps,
            lost_beyond_m=self.lost_beyond_m,
            lines_beyond_m=self.lines_beyond_m,
            late_s=self.late_s,
        )
