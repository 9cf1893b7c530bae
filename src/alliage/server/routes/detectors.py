"""Detectors: what is looked for, and how people judged what was found."""

from __future__ import annotations

from fastapi import APIRouter

from alliage.detection import DETECTORS, Detector
from alliage.detection.failures import Failure
from alliage.detection.settings import DetectorSettings
from alliage.server.incident_view import watched
from alliage.server.models.common import Marking
from alliage.server.models.incidents import (
    DetectorInfo,
    DetectorPage,
    FailureInfo,
    LeftOutInfo,
    SettingInfo,
)
from alliage.server.security import TheAudience, TheServices
from alliage.watch.looked_for import looked_for
from alliage.watch.seen import Watched, title_of
from alliage.watch.setting_words import setting_words

router = APIRouter(prefix="/detectors", tags=["watch"])


@router.get("")
def list_detectors(audience: TheAudience, services: TheServices) -> DetectorPage:
    """Every detector with its settings, and the share of its incidents that people called useful.

    Only incidents, judgements and failures that who asks may see are counted.
    """
    of = watched(services, audience)
    failures = services.detection.failures(audience)
    ready = services.present.ready(audience)
    return DetectorPage(
        items=[
            _info(services, of, one, failures.get(one.name), ready.get(one.name))
            for one in DETECTORS
        ],
        next=None,
        left_out=[
            LeftOutInfo(marking=Marking.of(labels), failure=FailureInfo.of(failure))
            for labels, failure in services.detection.left_out(audience)
        ],
    )


def _info(
    services: TheServices,
    of: Watched,
    detector: type[Detector],
    failure: Failure | None,
    ready: float | None,
) -> DetectorInfo:
    set_here = services.detector_settings.get(detector.name, {})
    settings = detector.settings_type(**set_here)
    mine = [i for i in of.incidents if any(a.detector == detector.name for a in i.alerts)]
    judged = of.judged.get(detector.name)
    return DetectorInfo(
        name=detector.name,
        version=detector.version,
        title=title_of(detector.name),
        description=looked_for(detector),
        enabled=settings.enabled and services.settings.detects,
        settings=_settings(settings),
        elsewhere=len(settings.where),
        incidents=len(mine),
        going_on=sum(not incident.is_over for incident in mine),
        useful=judged.useful if judged else 0,
        useless=judged.useless if judged else 0,
        precision=judged.useful / (judged.useful + judged.useless) if judged else None,
        ready=ready,
        failure=None if failure is None else FailureInfo.of(failure),
    )


def _settings(settings: DetectorSettings) -> list[SettingInfo]:
    values = settings.model_dump(mode="json")
    usual = type(settings)().model_dump(mode="json")
    return [
        SettingInfo(name=name, meaning=meaning, value=values[name], usual=usual[name])
        for name, meaning in setting_words(type(settings)).items()
    ]
