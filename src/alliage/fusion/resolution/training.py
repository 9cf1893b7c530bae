"""Models learned from tables of one's own, without any labels, by Splink.

Linacre and others, *Splink: free software for probabilistic record linkage at scale*, International
Journal of Population Data Science 7(3), 2022. Shares among pairs that are two things come from
pairs drawn by chance, those among pairs that are one from expectation maximisation. A node never
does this with what it holds (decision 0201): what is learned carries the labels of its rows.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import pyarrow as pa

from alliage.fusion.resolution import compare
from alliage.fusion.resolution.model import Comparison, Kind, Level, Model
from alliage.fusion.resolution.records import Records
from alliage.fusion.resolution.resolve import resolve

SEED: Final = 1
SAMPLED_PAIRS: Final = 1e6
LEAST_SHARE: Final = 1e-7
_ROUNDS: Final = 30

_JARO: Final = (
    "(case when {a}_l < {a}_r then jaro_winkler_similarity({a}_l, {a}_r)"
    " else jaro_winkler_similarity({a}_r, {a}_l) end)"
)


class NotInstalledError(RuntimeError):
    """Splink is not there; says how to get it."""


def learned(model: Model, one: Records, other: Records | None = None) -> Model:
    """A model with shares as they are in these tables.

    What the tables do not show stays as the model has it.

    Args:
        model: which properties are compared, and how.
        one: a table.
        other: another; None: look for duplicates in the one.

    Raises:
        NotInstalledError: there is no Splink.
    """
    linker = make_linker(model, one, other)
    training = linker.training
    training.estimate_u_using_random_sampling(max_pairs=SAMPLED_PAIRS, seed=SEED)
    for rule in _rules(model):
        try:
            training.estimate_parameters_using_expectation_maximisation(rule)
        except _too_little():
            continue  # too few pairs share it to learn from
    said = {
        (one["output_column_name"], level["label_for_charts"]): level
        for one in linker.misc.save_model_to_json()["comparisons"]
        for level in one["comparison_levels"]
    }
    fresh = tuple(_learned(comparison, said) for comparison in model.comparisons)
    return _with_prior(replace(model, comparisons=fresh), one, other)


def make_linker(model: Model, one: Records, other: Records | None = None) -> Any:
    """Splink's linker, with the model's comparisons and shares, over these tables.

    Raises:
        NotInstalledError: there is no Splink.
    """
    try:
        from splink import DuckDBAPI, Linker, SettingsCreator
    except ImportError:
        raise NotInstalledError(
            "to learn a model Splink is needed: pip install 'alliage[resolution]'"
        ) from None
    settings = SettingsCreator(
        link_type="dedupe_only" if other is None else "link_only",
        comparisons=[_comparison(c) for c in model.comparisons],
        blocking_rules_to_generate_predictions=[{"blocking_rule": r} for r in _rules(model)],
        probability_two_random_records_match=_prior(model, one, other),
        retain_intermediate_calculation_columns=True,
    )
    logging.getLogger("splink").setLevel(logging.ERROR)  # it tells of every level and round
    database = DuckDBAPI()
    tables = [
        database.register(_table(records, model), dataset_display_name=name)
        for name, records in (("one", one), ("other", other))
        if records is not None
    ]
    return Linker(tables, settings, log_level=None)


def _prior(model: Model, one: Records, other: Records | None) -> float:
    odds = 2.0 ** model.prior_bits(max(len(one), len(one if other is None else other)))
    return float(odds / (1.0 + odds))


def _too_little() -> tuple[type[Exception], ...]:
    from splink.internals.exceptions import EMTrainingException

    return (EMTrainingException,)


def _rules(model: Model) -> list[str]:
    """The keys that are whole fields, as SQL; the others need no database."""
    whole = [key for key in model.keys if set(key) <= set(model.fields)]
    return [" and ".join(f'l."{name}" = r."{name}"' for name in key) for key in whole]


# --- tables and comparisons as Splink takes them


def _table(records: Records, model: Model) -> pa.Table:
    columns: dict[str, Any] = {"unique_id": records.identifier.tolist()}
    for one in model.comparisons:
        if one.kind is Kind.SIZE:
            columns[one.field] = pa.array(records.numbers[one.field], from_pandas=True)
            continue
        texts = records.texts[one.field].tolist()
        columns[one.field] = pa.array([text or None for text in texts], pa.string())
        for part, make in _PARTS.get(one.kind, {}).items():
            made = [make(text) if text else None for text in texts]
            columns[f"{one.field}_{part}"] = pa.array(made, pa.string())
    return pa.table(columns)


_PARTS: Final[dict[Kind, dict[str, Any]]] = {
    Kind.NAME: {
        "ordered": compare.ordered,
        "joined": compare.joined,
        "numbers": compare.numbers,
        "letters": compare.letters,
    },
    Kind.EMAIL: {"before": compare.before_at},
}


def _comparison(one: Comparison) -> dict[str, Any]:
    null = {
        "sql_condition": f'"{one.field}_l" is null or "{one.field}_r" is null',
        "label_for_charts": "not said",
        "is_null_level": True,
    }
    conditions = [*_conditions(one), "ELSE"]
    levels = [
        {
            "sql_condition": condition,
            "label_for_charts": level.name,
            "m_probability": level.m,
            "u_probability": level.u,
        }
        for condition, level in zip(conditions, one.levels, strict=True)
    ]
    return {"output_column_name": one.field, "comparison_levels": [null, *levels]}


def _conditions(one: Comparison) -> Iterator[str]:
    """SQL of every level but the last; says what ``compare.py`` says."""
    f = one.field
    near = compare.NEARLY
    alike = _JARO.format(a=f)
    distance = f"damerau_levenshtein({f}_l, {f}_r) <= 1"
    if one.kind is not Kind.SIZE:
        yield f"{f}_l = {f}_r"
    if one.kind is Kind.NAME:
        alike = f"greatest({alike}, {_JARO.format(a=f + '_ordered')})"
        numbers = f"{f}_numbers_l = {f}_numbers_r"
        yield f"{f}_ordered_l = {f}_ordered_r or {f}_joined_l = {f}_joined_r"
        yield f"{numbers} and {alike} >= {near}"
        yield f"{numbers} and {alike} >= {compare.ALIKE}"
        yield f"{f}_letters_l = {f}_letters_r"
    elif one.kind is Kind.WORD:
        yield f"{alike} >= {near}"
        yield f"starts_with({f}_l, {f}_r) or starts_with({f}_r, {f}_l)"
    elif one.kind is Kind.SIGN:
        yield distance
    elif one.kind is Kind.DATE:
        yield distance
        yield (
            f"{f}_l[:4] = {f}_r[:4] or {f}_l[5:] = {f}_r[5:]"
            f" or ({f}_l[5:6] = {f}_r[7:] and {f}_l[7:] = {f}_r[5:6])"
        )
    elif one.kind is Kind.EMAIL:
        yield f"{f}_before_l = {f}_before_r and {f}_before_l <> ''"
        yield f"{alike} >= {near}"
    elif one.kind is Kind.SIZE:
        away = f"abs({f}_l - {f}_r) / greatest({f}_l, {f}_r)"
        yield f"{away} <= {compare.SAME_SIZE}"
        yield f"{away} <= {compare.NEAR_SIZE}"


# --- what was learned


def _learned(one: Comparison, said: Mapping[tuple[str, str], Mapping[str, Any]]) -> Comparison:
    levels = []
    for level in one.levels:
        new = said.get((one.field, level.name), {})  # a level that was never seen is left out
        m, u = (new.get(f"{share}_probability") for share in "mu")
        levels.append(Level(level.name, _share(m, level.m), _share(u, level.u)))
    return replace(one, levels=tuple(levels))


def _share(learned: object, before: float) -> float:
    if not isinstance(learned, float | int):
        return before  # never seen in these tables
    return min(max(float(learned), LEAST_SHARE), 1.0 - LEAST_SHARE)


def _with_prior(model: Model, one: Records, other: Records | None) -> Model:
    """The share of pairs that are one thing: what the scores add up to, until it stands still.

    Pairs drawn by chance hold that share of pairs that are one, which is taken out of ``u`` again.
    """
    rows = len(one)
    pairs = rows * (rows - 1) / 2.0 if other is None else rows * len(other)
    share = _prior(model, one, other)
    for _ in range(_ROUNDS):
        found = replace(model, prior=share, comparisons=_without(model.comparisons, share))
        matches = resolve(one, other, found, least=0.0)
        before, share = share, float(matches.score.sum()) / max(pairs, 1.0)
        share = min(max(share, 1e-9), 0.5)
        if abs(share / before - 1.0) < 1e-3:
            break
    return found


def _without(comparisons: tuple[Comparison, ...], share: float) -> tuple[Comparison, ...]:
    def unmixed(level: Level) -> Level:
        u = (level.u - share * level.m) / (1.0 - share)
        return replace(level, u=min(max(u, 0.05 * level.u), 1.0 - LEAST_SHARE))

    return tuple(replace(c, levels=tuple(map(unmixed, c.levels))) for c in comparisons)
