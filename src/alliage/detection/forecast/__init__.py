"""Forecast: where a thing will be, and an area that tells honestly how far off that may be.

The place is where present speed and course lead, drawn towards where things that passed the same
water with the same course and speed really went, as far as that has shown to be better. The area is
as large as past forecasts of the like missed by (split conformal prediction: V. Vovk, A. Gammerman,
G. Shafer, Algorithmic Learning in a Random World, 2005): nothing is assumed of how errors are
distributed, and until something was learned a guess stands in.
"""

from alliage.detection.forecast.arrival import Arrival, arrival
from alliage.detection.forecast.forecaster import Forecast, Forecaster
from alliage.detection.forecast.states import HORIZONS_S, States

__all__ = ["Arrival", "Forecast", "Forecaster", "HORIZONS_S", "States", "arrival"]
