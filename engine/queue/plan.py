"""What a queue is to do, as a value: settings to sweep, seeds, folds; and the runs that follow from it.

    seeds    the base experiment's seed and the ones after it
    swept    every combination of the values (a grid), or `draws` of them at random
    folds    k-fold cross-validation: each run once for every fold

`planned` is a pure function: the same base and plan give the same runs, on every machine. A value that does not fit makes a run
that is refused, with its sentence, before anything starts. torch is not imported.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import exp, isfinite, log, prod
from typing import Annotated, Any, TypeAlias

import msgspec
from msgspec import Meta

from engine.data.info import MOST_FOLDS, Seed
from engine.experiments.check import check
from engine.experiments.experiment import Experiment
from engine.experiments.problems import RunProblem
from engine.fields import Field, edited, setting
from engine.figures import full_count, in_digits
from engine.queue.setting_keys import settable, short_key, value_at, with_setting
from engine.runs.failures import problem_of
from engine.toml_text import TomlError
from engine.words import CodedError, readable

MOST_RUNS = 1000
MOST_SWEPT = 6  # settings at once
LARGEST_SEED = 2**31 - 1
_FIGURES = 3  # of a number that is drawn

Value: TypeAlias = bool | int | float | str | tuple[int, ...]
Chosen: TypeAlias = tuple[tuple[str, Any], ...]  # keys and their values


class PlanError(CodedError):
    """A plan that leads to no runs. The sentence says what is wrong with it."""

    TABLE = "queue_problems"


class Swept(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A setting and what it is set to: `values`, or, drawn at random, any number from `low` to `high`."""

    key: Annotated[str, Meta(max_length=200)]
    values: Annotated[tuple[Value, ...], Meta(max_length=MOST_RUNS)] = ()
    low: float | None = None
    high: float | None = None

    @property
    def is_range(self) -> bool:
        return self.low is not None and self.high is not None


class QueuePlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which runs are made of an experiment. `draws`: that many combinations at random, by `draw_seed`; None: all."""

    swept: Annotated[tuple[Swept, ...], Meta(max_length=MOST_SWEPT)] = ()
    seeds: Annotated[int, setting(1, MOST_RUNS, slider=(1, 20))] = 1
    folds: Annotated[int, setting(2, MOST_FOLDS)] | None = None
    draws: Annotated[int, setting(1, MOST_RUNS, slider=(1, 100))] | None = None
    draw_seed: Seed = 0
    together: bool | None = None  # runs that differ in their seed alone learn as one computation; None: on a GPU, where it pays


@dataclass(frozen=True)
class PlannedRun:
    """One run of a plan. `chosen` are the swept settings' values; `problem` says why it cannot be run."""

    number: int  # from 1
    experiment: Experiment
    chosen: Chosen
    seed: int
    fold: int | None
    problem: RunProblem | None = None


def planned(base: Experiment, plan: QueuePlan) -> tuple[PlannedRun, ...]:
    """The runs of `plan`, seed by seed, so that a first look at all settings comes early. Raises PlanError or SettingError
    where there is no such plan at all."""
    chosen = combinations(base, plan)
    count = len(chosen) * plan.seeds * (plan.folds or 1)
    if count > MOST_RUNS:
        raise PlanError("too_many_runs", runs=full_count(count), most=full_count(MOST_RUNS))
    if base.seed + plan.seeds - 1 > LARGEST_SEED:
        raise PlanError("seed_too_large", most=full_count(LARGEST_SEED))
    problems: dict[tuple[Chosen, int | None], RunProblem | None] = {}
    runs = []
    for number, (seed, values, fold) in enumerate(_orders(base, plan, chosen), start=1):
        experiment, problem = _set(base, plan, values, fold)
        if problem is None:
            if (values, fold) not in problems:  # no seed decides whether it can be run
                problems[values, fold] = _found(experiment)
            problem = problems[values, fold]
        named = msgspec.structs.replace(experiment, seed=seed, name=_named(base.name, values, plan, seed, fold))
        runs.append(PlannedRun(number, named, values, seed, fold, problem))
    return tuple(runs)


def _orders(base: Experiment, plan: QueuePlan, chosen: tuple[Chosen, ...]) -> Iterator[tuple[int, Chosen, int | None]]:
    folds = (None,) if plan.folds is None else tuple(range(1, plan.folds + 1))
    return product(range(base.seed, base.seed + plan.seeds), chosen, folds)


def _set(base: Experiment, plan: QueuePlan, values: Chosen, fold: int | None) -> tuple[Experiment, RunProblem | None]:
    """The base with its settings; where one does not fit, as far as it goes, and why."""
    experiment = base
    if fold is not None:
        experiment = edited(experiment, data=edited(experiment.data, folds=plan.folds, fold=fold))
    for key, value in values:
        try:
            experiment = with_setting(experiment, key, value)
        except TomlError as error:
            return experiment, RunProblem("setting_refused", {"message": error.phrase})
    return experiment, None


def _found(experiment: Experiment) -> RunProblem | None:
    try:
        check(experiment)
    except Exception as error:  # whatever it is, it concerns this run only
        return problem_of(error)
    return None


def _named(name: str, values: Chosen, plan: QueuePlan, seed: int, fold: int | None) -> str:
    """Digits CNN, lr 0.003, seed 8, fold 2/5"""
    parts = [name, *(f"{short_key(key)} {value_text(value)}" for key, value in values)]
    if plan.seeds > 1:
        parts.append(f"seed {seed}")
    if fold is not None:
        parts.append(f"fold {fold}/{plan.folds}")
    return ", ".join(parts)


def value_text(value: Any) -> str:
    """A setting's value as it is read: 0.003, 3×3, Adam."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "none"}[value]
    return in_digits(value) if isinstance(value, float) else readable(value)


# --- which values


def combinations(base: Experiment, plan: QueuePlan) -> tuple[Chosen, ...]:
    """The settings of the runs, without seeds and folds. Raises PlanError or SettingError."""
    keys = [swept.key for swept in plan.swept]
    if len(set(keys)) < len(keys):
        raise PlanError("swept_twice", key=next(key for key in keys if keys.count(key) > 1))
    for swept in plan.swept:
        value_at(base, swept.key)  # raises where there is no such setting
        if swept.key == "seed" or swept.key in ("data.fold", "data.folds"):
            raise PlanError("not_swept", key=swept.key)
        if not swept.values and not swept.is_range:
            raise PlanError("no_values", key=swept.key)
        if swept.is_range and plan.draws is None:
            raise PlanError("range_needs_draws", key=swept.key)
    if plan.draws is not None:
        return _drawn(base, plan)
    if prod(len(swept.values) for swept in plan.swept) > MOST_RUNS:
        count = prod(len(swept.values) for swept in plan.swept)
        raise PlanError("too_many_runs", runs=full_count(count), most=full_count(MOST_RUNS))
    columns = [[(swept.key, value) for value in _once(swept.values)] for swept in plan.swept]
    return tuple(product(*columns))


def _once(values: tuple[Value, ...]) -> list[Value]:
    """The values in their order, each once; 1 and true are not one value."""
    return list({(type(value) is bool, value): value for value in values}.values())


def _drawn(base: Experiment, plan: QueuePlan) -> tuple[Chosen, ...]:
    """As many different combinations as asked for, or as many as there are."""
    assert plan.draws is not None
    rng = random.Random(plan.draw_seed)
    known = settable(base)
    found: dict[Chosen, None] = {}
    for _ in range(50 * plan.draws):
        found[tuple((swept.key, _draw(rng, swept, known.get(swept.key))) for swept in plan.swept)] = None
        if len(found) == plan.draws:
            break
    return tuple(found)


def _draw(rng: random.Random, swept: Swept, field: Field | None) -> Any:
    """A value; from a range evenly, or, where the setting's slider is logarithmic, evenly in the logarithm."""
    if swept.values:
        return rng.choice(swept.values)
    assert swept.low is not None
    assert swept.high is not None
    low, high = swept.low, swept.high
    if not (isfinite(low) and isfinite(high) and low <= high):
        raise PlanError("range_backwards", key=swept.key)
    if field is not None and field.scale == "log" and low > 0:
        value = exp(rng.uniform(log(low), log(high)))
    else:
        value = rng.uniform(low, high)
    if field is not None and field.kind == "integer":
        return round(min(max(value, low), high))
    return min(max(float(f"{value:.{_FIGURES}g}"), low), high)
