"""What a queue's plan is made of in the window: a form as one frozen value, and the plan that it means for an experiment. No
Qt.

The form outlives the experiment beside it: a setting that the experiment does not have is passed over.
"""

from __future__ import annotations

from math import exp, floor, log, log10
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta

from engine.data.info import MOST_FOLDS
from engine.experiments.experiment import Experiment
from engine.fields import Field
from engine.queue.plan import MOST_RUNS, QueuePlan, Swept
from engine.queue.setting_keys import SettingError, settable, value_at

PlanMode: TypeAlias = Literal["seeds", "sweep", "folds"]
MOST_VALUES = 12
_TRAINING = ("lr", "batch_size", "optimizer", "momentum", "weight_decay", "epochs", "dropout", "label_smoothing")
_DATA = ("validation", "samples", "noise", "length")
_WINDOWS = ("out_channels", "kernel_size", "stride", "padding", "dilation")
_OTHERS = ("out_features", "hidden_size", "num_layers", "p", "bidirectional", "negative_slope")
_USUAL = frozenset((*_TRAINING, *_DATA, *_WINDOWS, *_OTHERS))
_FIGURES = 3


class SweptForm(msgspec.Struct, frozen=True, kw_only=True):
    """A setting and the values that it takes: `count` of them from `low` to `high`; of a choice, all."""

    key: Annotated[str, Meta(max_length=200)] = ""  # empty: none
    low: float = 0.0
    high: float = 0.0
    count: Annotated[int, Meta(ge=1, le=MOST_VALUES)] = 3


class PlanForm(msgspec.Struct, frozen=True, kw_only=True):
    """`draws`: that many combinations at random instead of all; 0: all."""

    mode: PlanMode = "seeds"
    seeds: Annotated[int, Meta(ge=1, le=100)] = 5
    folds: Annotated[int, Meta(ge=2, le=MOST_FOLDS)] = 5
    first: SweptForm = SweptForm()
    second: SweptForm = SweptForm()
    sweep_seeds: Annotated[int, Meta(ge=1, le=100)] = 1  # of each combination
    draws: Annotated[int, Meta(ge=0, le=MOST_RUNS)] = 0


def offered(experiment: Experiment) -> dict[str, Field]:
    """The settings that the window offers to sweep, by key: those that a learner would, where they have a value to begin
    with."""
    layers = experiment.network.layers
    last = f"network.layers[{len(layers) - 1}]."
    found = {}
    for key, field in settable(experiment).items():
        name = key.rpartition(".")[2]
        if name not in _USUAL or (key.startswith(last) and name == "out_features"):
            continue
        if field.kind in ("integer", "number") and not isinstance(_value(experiment, key), int | float):
            continue
        found[key] = field
    return found


def fresh(experiment: Experiment, key: str) -> SweptForm:
    """Values around the one that the experiment has: a tenth to ten times a learning rate, half to twice a number of
    channels."""
    field = offered(experiment).get(key)
    if field is None or field.kind not in ("integer", "number"):
        return SweptForm(key=key)
    value = float(_value(experiment, key))
    low, high = field.slider or (field.low or 0.0, field.high or 1.0)
    if field.kind == "number" and field.scale == "log" and value > 0:
        low, high = value / 10, value * 10
    elif field.kind == "integer" and value >= 8:
        low, high = value / 2, value * 2
    elif field.kind == "integer":
        low, high = value - 2, value + 2
        if value == 3:
            low, high = 1, 5
    low = max(low, field.low if field.low is not None else low)
    high = min(high, field.high if field.high is not None else high)
    if field.kind == "integer":
        low, high = round(low), round(high)
    return SweptForm(key=key, low=_rounded(low), high=_rounded(high))


def is_geometric(field: Field, swept: SweptForm) -> bool:
    """Whether the values have equal factors between them, and not equal distances."""
    whole = field.kind == "integer" and swept.low >= 4 and swept.high >= 3 * swept.low  # 8, 16, 32
    return swept.low > 0 and (field.scale == "log" or whole)


def values_of(field: Field, swept: SweptForm) -> tuple[Any, ...]:
    """The values that it takes, each once."""
    if field.kind == "boolean":
        return (False, True)
    if field.kind == "choice":
        return field.choices
    parts = [0.0] if swept.count == 1 else [number / (swept.count - 1) for number in range(swept.count)]
    if is_geometric(field, swept):
        found = [exp(log(swept.low) + part * (log(swept.high) - log(swept.low))) if swept.high > 0 else 0 for part in parts]
    else:
        found = [swept.low + part * (swept.high - swept.low) for part in parts]
    whole = field.kind == "integer"
    return tuple(dict.fromkeys(round(value) if whole else _rounded(value) for value in found))


def plan_of(form: PlanForm, experiment: Experiment) -> QueuePlan:
    """The plan that the form means."""
    if form.mode == "seeds":
        return QueuePlan(seeds=form.seeds)
    if form.mode == "folds":
        return QueuePlan(folds=form.folds)
    known = offered(experiment)
    swept: list[Swept] = []
    for each in (form.first, form.second):
        if each.key not in known or each.key in [one.key for one in swept]:
            continue
        field = known[each.key]
        if form.draws and field.kind in ("integer", "number"):
            swept.append(Swept(key=each.key, low=each.low, high=each.high))
        else:
            swept.append(Swept(key=each.key, values=values_of(field, each)))
    return QueuePlan(swept=tuple(swept), seeds=form.sweep_seeds, draws=form.draws or None if swept else None)


def _value(experiment: Experiment, key: str) -> Any:
    """Of a size with an entry for each axis, the first one where all are the same."""
    try:
        value = value_at(experiment, key)
    except SettingError:
        return None
    if isinstance(value, tuple) and len(set(value)) == 1:
        return value[0]
    return value


def _rounded(value: float) -> float:
    return round(value, _FIGURES - 1 - floor(log10(abs(value)))) if value else 0.0
