"""How good tracks are: against the truth (OSPA, GOSPA, SIAP) and against their own claims (NIS)."""

from alliage.fusion.metrics.consistency import Consistency, consistency, nees
from alliage.fusion.metrics.gospa import Gospa, gospa, ospa
from alliage.fusion.metrics.over_time import Points, gospa_over_time
from alliage.fusion.metrics.siap import Siap, siap

__all__ = [
    "Consistency",
    "Gospa",
    "Points",
    "Siap",
    "consistency",
    "gospa",
    "gospa_over_time",
    "nees",
    "ospa",
    "siap",
]
