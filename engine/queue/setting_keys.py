"""One setting of an experiment, named by its place: `training.lr`, `data.noise`, `network.layers[0].out_channels`.

The same names as in an experiment's file. torch is not imported. Called by the plans of the queue, the command line and the
window.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from engine.data.info import DatasetError
from engine.data.sources import describe
from engine.experiments.experiment import Experiment, Training
from engine.experiments.optimisers import OPTIMIZER_FIELDS, OPTIMIZERS
from engine.fields import Field, fields
from engine.networks.edits import Layers, at, paths, written
from engine.networks.repairs import repairs
from engine.networks.trace import Path, trace
from engine.toml_places import KeyPath
from engine.toml_text import key as written_key
from engine.toml_values import converted, nearest
from engine.words import CodedError

_PART = re.compile(r"\.?([A-Za-z_]\w*)|\[(\d{1,6})\]")
_FOLLOWING = ("size_differs", "groups_not_in_input", "groups_not_in_output")  # what a layer says of another one's channels
_INFERRED = ("in_channels", "in_features", "input_size", "num_features")  # usually left to what comes in
_SWEPT_KINDS = ("integer", "number", "choice", "boolean")


class SettingError(CodedError):
    """A setting that there is not."""

    TABLE = "queue_problems"


def key_path(key: str) -> KeyPath:
    """network.layers[0].stride as ("network", "layers", 0, "stride"). Raises SettingError."""
    path: list[str | int] = []
    position = 0
    while position < len(key):
        found = _PART.match(key, position)
        if found is None:
            raise SettingError("no_key", key=key)
        path.append(found[1] or int(found[2]))
        position = found.end()
    if not path:
        raise SettingError("no_key", key=key)
    return tuple(path)


def short_key(key: str) -> str:
    """The key without the name of its table, where nothing else has the name: lr, layers[0].out_channels."""
    return key.partition(".")[2] or key


def settable(experiment: Experiment) -> dict[str, Field]:
    """Every setting that may be swept, by its key, in the order of the file: of the training those that the optimiser takes,
    of the data those that they have, and every layer's."""
    row = OPTIMIZERS[experiment.training.optimizer]
    training = {
        f"training.{name}": field
        for name, field in fields(Training).items()
        if name != "device" and field.kind in _SWEPT_KINDS and (name not in OPTIMIZER_FIELDS or row.takes(name))
    }
    try:
        options: tuple[str, ...] = describe(experiment.data).options
    except DatasetError:
        options = ()
    shared = ("samples",) if experiment.data.folds is not None else ("validation", "samples")
    known = fields(type(experiment.data))
    data = {f"data.{name}": known[name] for name in (*shared, *options)}
    layers = {
        f"network.{written(path)}.{name}": field
        for path in paths(experiment.network.layers)
        for name, field in fields(type(at(experiment.network.layers, path))).items()
        if field.kind in _SWEPT_KINDS and name not in _INFERRED
    }
    return training | layers | data


def value_at(experiment: Experiment, key: str) -> Any:
    """What `experiment` has there. Raises SettingError where there is nothing of the kind."""
    value: Any = _content(experiment)
    for part in key_path(key):
        value = value[part] if _has(value, part) else _missing(experiment, key)
    if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(part, dict | list) for part in value)):
        raise SettingError("no_single_setting", key=key)
    return tuple(value) if isinstance(value, list) else value


def with_setting(experiment: Experiment, key: str, value: Any) -> Experiment:
    """`experiment` with `value` there. Layers that say how many channels or features come in, and would not fit any more, say
    the new number. Raises SettingError where there is no such setting, TomlError where it does not take the value."""
    value_at(experiment, key)
    path = key_path(key)
    content: Any = _content(experiment)
    inside: Any = content
    for part in path[:-1]:
        inside = inside[part]
    inside[path[-1]] = list(value) if isinstance(value, tuple) else value
    changed = converted(content, Experiment, _named)
    return _followed(changed, path) if path[0] == "network" else changed


def _content(value: Any) -> Any:
    """A struct as tables and lists that can be changed."""
    match value:
        case msgspec.Struct():
            return _content(msgspec.to_builtins(value))
        case dict():
            return {name: _content(part) for name, part in value.items()}
        case list() | tuple():
            return [_content(part) for part in value]
        case _:
            return value


def _named(path: KeyPath) -> str:
    return written_key(path)


def _has(value: Any, part: str | int) -> bool:
    if isinstance(value, list):
        return isinstance(part, int) and part < len(value)
    return isinstance(value, dict) and part in value and part != "type"


def _missing(experiment: Experiment, key: str) -> Any:
    known = [*settable(experiment), "seed"]
    near = nearest(key, known)
    if not near:  # lr instead of training.lr
        near = ", ".join(each for each in known if each.rpartition(".")[2] == key.rpartition(".")[2])
    if near:
        raise SettingError("no_such_setting_near", key=key, near=near)
    raise SettingError("no_such_setting", key=key)


# --- channels


def _followed(experiment: Experiment, path: KeyPath) -> Experiment:
    """`experiment` with the layers after an edited one brought to its channels, as far as that mends the network."""
    try:
        info = describe(experiment.data)
    except DatasetError:
        return experiment
    traced = partial(trace, input=experiment.network.input or info.input, tokens=info.tokens)
    layers = mended(experiment.network.layers, traced, info.tokens, path[2:-1])
    return msgspec.structs.replace(experiment, network=msgspec.structs.replace(experiment.network, layers=layers))


def mended(layers: Layers, traced: Callable[..., Any], tokens: bool, edited_at: Path) -> Layers:
    """`layers` whose stated sizes follow what comes in; unchanged from the first problem of another kind on, and at the layer
    that was edited itself."""
    for _ in range(len(paths(layers))):
        found = traced(layers)
        problem = found.problem
        if problem is None or problem.code not in _FOLLOWING or problem.where == edited_at:
            break
        offered = repairs(layers, found.input, problem, tokens=tokens)
        repair = next((each for each in offered if each.code == "set_field" and each.path == problem.where), None)
        if repair is None:
            break
        layers = repair.layers
    return layers
