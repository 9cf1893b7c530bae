"""Columns to plain data: one object of a view as a :class:`TrackState`."""

from __future__ import annotations

import math

import numpy as np

from alliage.picture.columns import NO_TIME
from alliage.picture.combining import Weight
from alliage.picture.objects import Objects
from alliage.picture.staleness import STATES, Staleness
from alliage.picture.state import SourceTrackState, TrackState
from alliage.picture.tracks import SourceTracks
from alliage.picture.words import Markings, WordBook


class StateMaker:
    """Makes states of one view's objects. Used under the picture's lock."""

    def __init__(
        self,
        tracks: SourceTracks,
        objects: Objects,
        staleness: Staleness,
        words: WordBook,
        markings: Markings,
    ) -> None:
        self._tracks = tracks
        self._objects = objects
        self._staleness = staleness
        self._words = words
        self._markings = markings

    def of(self, row: int, now_us: int) -> TrackState:
        """The state of one object at this time of the picture's clock."""
        objects, tracks = self._objects, self._tracks
        words, best = self._words.of(row), int(objects.best[row])
        members = objects.members(row).tolist()
        label = self._markings.of(objects.label_sets[int(objects.label[row])])
        last_us = _time(objects.last_us[row])
        teller = int(objects.teller[row])
        status = int(tracks.status[teller])
        subjects = dict.fromkeys(tracks.subjects[member] for member in members)
        return TrackState(
            track_id=words.track,
            object_id=words.track,
            aliases=tuple(subject for subject in subjects if subject != words.track),
            schema=words.schema,
            sidc=words.sidc,
            name=words.name,
            identifier=words.identifier,
            state=STATES[objects.state[row]],
            moving=bool(objects.moving[row]),
            combined=int(objects.combined[row]),
            latitude_deg=_number(objects.lat[row]),
            longitude_deg=_number(objects.lon[row]),
            position_std_m=_number(objects.std[row]),
            position_minor_std_m=_number(objects.minor[row]),
            position_axis_deg=_number(objects.axis[row]),
            altitude_m=_number(objects.altitude[row]),
            speed_mps=_number(objects.speed[row]),
            course_deg=_number(objects.course[row]),
            heading_deg=_number(objects.heading[row]),
            turn_rate_degps=_number(tracks.turn_rate[teller]),
            navigation_status=tracks.statuses.word(status) if status >= 0 else None,
            valid_us=_time(objects.valid_us[row]),
            recorded_us=_time(tracks.recorded_us[best]),
            known_us=_time(tracks.known_us[best]),
            heard_us=_time(tracks.heard_us[members].max()),
            age_s=(now_us - last_us) / 1e6 if last_us is not None else None,
            marking=label.marking,
            classification=label.classification,
            sources=words.sources,
            properties=words.properties,
            source_tracks=tuple(
                self._source_track(member, now_us, weight)
                for member, weight in zip(members, objects.weights(row), strict=True)
            ),
        )

    def _source_track(self, track: int, now_us: int, weight: Weight) -> SourceTrackState:
        tracks = self._tracks
        code = int(tracks.schema[track])
        label = self._markings.of(frozenset([int(tracks.label_set[track])]))
        placed = tracks.rank[track] > 0
        last_us = tracks.valid_us[track] if placed else tracks.heard_us[track]
        state = self._staleness.states(
            tracks.schema[[track]], np.array([last_us]), now_us, tracks.followed(np.array([track]))
        )[0]
        return SourceTrackState(
            subject=tracks.subjects[track],
            stream=tracks.streams.word(int(tracks.stream[track])),
            identifier=tracks.identifiers.word(int(tracks.identifier[track])),
            schema=tracks.schemata.word(code) if code >= 0 else None,
            state=STATES[state],
            label_set=int(tracks.label_set[track]),
            marking=label.marking,
            classification=label.classification,
            latitude_deg=_number(tracks.lat[track]),
            longitude_deg=_number(tracks.lon[track]),
            position_std_m=_number(tracks.std[track]),
            position_minor_std_m=_number(tracks.minor[track]),
            position_axis_deg=_number(tracks.axis[track]),
            speed_mps=_number(tracks.speed[track]),
            course_deg=_number(tracks.course[track]),
            valid_us=_time(tracks.valid_us[track]),
            recorded_us=_time(tracks.recorded_us[track]),
            known_us=_time(tracks.known_us[track]),
            had_us=_time(tracks.had_us[track]),
            heard_us=_time(tracks.heard_us[track]),
            share=weight.share,
            agrees=weight.agrees,
            nis=_number(tracks.filter_nis[track]),
            jumps=int(tracks.filter_jumps[track]),
        )


def _number(value: np.floating) -> float | None:
    return None if math.isnan(value) else float(value)


def _time(value: np.int64) -> int | None:
    return None if value == NO_TIME else int(value)
