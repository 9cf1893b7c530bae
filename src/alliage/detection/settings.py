"""Settings of detectors: one value for all, others for some kinds of thing or within some areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

if TYPE_CHECKING:
    from alliage.detection.scene import Scene


class Elsewhere(BaseModel):
    """Other values of settings for some things; of several that fit the last counts."""

    model_config = ConfigDict(extra="allow", frozen=True)

    kinds: tuple[str, ...] = Field(
        default=(), description="Schemata (`Vessel`) or ship types (`fishing`); none: every kind."
    )
    areas: tuple[str, ...] = Field(default=(), description="Names of areas; none: everywhere.")

    @property
    def values(self) -> dict[str, Any]:
        """The settings that are others here."""
        return dict(self.__pydantic_extra__ or {})


class DetectorSettings(BaseModel):
    """What every detector lets people set."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    enabled: bool = Field(default=True, description="Whether it looks at all.")
    where: tuple[Elsewhere, ...] = Field(
        default=(), description="Other values for some kinds, or in some areas."
    )

    @model_validator(mode="after")
    def _knows_what_differs(self) -> DetectorSettings:
        fields = type(self).model_fields
        own = self.model_dump(exclude={"where"})
        for one in self.where:
            unknown = sorted(set(one.values) - (set(fields) - {"where"}))
            if unknown:
                raise ValueError(f"where: {unknown[0]!r} is no setting of this detector")
            type(self)(**{**own, **one.values})  # held to the same bounds
        return self

    def column(self, name: str, scene: Scene, things: NDArray[np.int32]) -> NDArray[np.float64]:
        """A numeric setting for each of some things, (n,): as their kind and place have it."""
        values = np.full(len(things), float(getattr(self, name)))
        for one in self.where:
            if name in one.values and len(things):
                values[_fits(one, scene, things)] = float(one.values[name])
        return values


def _fits(one: Elsewhere, scene: Scene, things: NDArray[np.int32]) -> NDArray[np.bool_]:
    fits = np.ones(len(things), np.bool_)
    if one.kinds:
        fits &= scene.things.is_of(one.kinds, things)
    if one.areas:
        table = scene.things
        fits &= scene.features.inside(one.areas, table.lat[things], table.lon[things])
    return fits
