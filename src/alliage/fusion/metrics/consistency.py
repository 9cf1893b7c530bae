"""Do filters know how wrong they are? Normalised errors against the chi-square distribution.

Bar-Shalom, Li, Kirubarajan 2001, section 5.4.2: the normalised estimation error squared (NEES)
needs the truth, the normalised innovation squared (NIS) does not.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import gammaincinv

from alliage.fusion.matrices import Floats


class Consistency(NamedTuple):
    """The mean of squared normalised errors, and where it lies if the filter is consistent."""

    mean: float  # of each degree of freedom: 1 is consistent, above means overconfident
    low: float
    high: float
    errors: int

    @property
    def holds(self) -> bool:
        """Whether the mean lies within its bounds; what has no errors is not inconsistent."""
        return self.errors == 0 or self.low <= self.mean <= self.high


def nees(errors: Floats, covariances: Floats) -> Floats:
    """Normalised estimation errors squared (n,) of errors (n, d) with covariances (n, d, d)."""
    solved = np.linalg.solve(covariances, errors[..., None])[..., 0]
    return np.asarray(np.einsum("nd,nd->n", errors, solved))


def consistency(squared: Floats, components: int, probability: float = 0.95) -> Consistency:
    """Judge the mean of normalised errors squared.

    Args:
        squared: NEES or NIS (n,); NaN is left out.
        components: degrees of freedom of each.
        probability: that the mean of a consistent filter lies within the bounds, if the errors are
            independent. Innovations are; estimation errors of one track are not.
    """
    known = squared[np.isfinite(squared)]
    degrees = len(known) * components
    if not degrees:
        return Consistency(float("nan"), float("nan"), float("nan"), 0)
    tail = 0.5 * (1.0 - probability)
    low, high = 2.0 * gammaincinv(0.5 * degrees, np.array([tail, 1.0 - tail])) / degrees
    return Consistency(float(known.sum() / degrees), float(low), float(high), len(known))
