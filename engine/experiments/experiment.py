"""An experiment: network, data, training settings and seed; the TOML file; presets.

The whole of what a run needs, as one frozen value. Everything in the window can be saved as such a file and opened from one.
"""

from __future__ import annotations

from os.path import normpath
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import msgspec

from engine import words
from engine.assets import asset
from engine.data.info import Data, LossName, Seed
from engine.data.sources import describe
from engine.experiments.augmentation import Augmentation
from engine.experiments.optimisers import OPTIMIZERS
from engine.experiments.schedules import AnySchedule
from engine.experiments.stopping import EarlyStopping
from engine.fields import edited, setting
from engine.figures import full_count
from engine.files import replace_file
from engine.layers.catalog import AnyLayer
from engine.layers.network_toml import NetworkTomlError, require_room_for
from engine.networks.trace import Trace, trace
from engine.toml_text import TomlError, inline, parsed, place, table_of
from engine.toml_values import converted, is_network_path
from engine.words import CodedError

MOST_BYTES = 1_000_000  # of a file

if TYPE_CHECKING:  # a type checker knows no Literal of names that are made at run time
    OptimizerName: TypeAlias = str
else:
    OptimizerName = Literal[tuple(OPTIMIZERS)]
DeviceName = Literal["auto", "cpu", "cuda", "mps"]
InitializationName = Literal["torch", "xavier_uniform", "xavier_normal", "he_uniform", "he_normal", "normal", "zeros"]
Decayed = Literal["all", "weights"]


class Network(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Layers in order. `input` is (C, H, W), (T, F) or (T,) without the batch; None: taken from the data."""

    input: Annotated[tuple[Annotated[int, setting(1, 1_000_000)], ...], msgspec.Meta(min_length=1, max_length=4)] | None = None
    layers: tuple[AnyLayer, ...] = ()


class Training(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How it is trained, in torch.optim's names. An option that the named optimiser does not have is ignored by it."""

    optimizer: OptimizerName = "Adam"
    lr: Annotated[float, setting(above=0.0, high=100.0, slider=(1e-5, 1.0), scale="log")] = 1e-3
    momentum: Annotated[float, setting(0.0, below=1.0, slider=(0.0, 0.99), step=0.01)] = 0.0
    nesterov: bool = False  # SGD
    weight_decay: Annotated[float, setting(0.0, 10.0, slider=(0.0, 0.1), step=0.001)] = 0.0
    loss: LossName | None = None  # None: what the data's targets ask for
    batch_size: Annotated[int, setting(1, 100_000, slider=(1, 512), scale="log")] = 64
    epochs: Annotated[int, setting(1, 1_000_000, slider=(1, 100))] = 20
    clip: Annotated[float, setting(above=0.0, high=1e6, slider=(0.1, 10.0), scale="log")] | None = None  # largest gradient norm
    truncated_steps: Annotated[int, setting(1, 10_000, slider=(1, 100), scale="log")] | None = None  # None: through all of them
    device: DeviceName = "auto"
    schedule: AnySchedule | None = None  # of the learning rate; None: it stays as it is
    decay_applies_to: Decayed = "all"  # weights: neither biases nor what normalisations learn, tensors of one axis
    label_smoothing: Annotated[float, setting(0.0, below=1.0, slider=(0.0, 0.5), step=0.01)] = 0.0  # of the cross-entropy
    class_weights: bool = False  # of the cross-entropy: a rare class counts as much as a frequent one
    initialization: InitializationName = "torch"  # the first weights, as `engine.training.recipe.starting` draws them
    initial_deviation: Annotated[float, setting(above=0.0, high=100.0, slider=(1e-4, 1.0), scale="log")] = 0.01  # of "normal"
    augmentation: Augmentation = Augmentation()
    early_stopping: EarlyStopping | None = None


class Experiment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str = "untitled"
    seed: Seed = 0
    data: Data = Data()
    network: Network = Network()
    training: Training = Training()


class ExperimentError(CodedError):
    """An experiment that cannot be read or written. The sentence names the file, the key and what was expected."""

    TABLE = "experiment_files"


def read(path: str | Path) -> Experiment:
    """The experiment in the TOML file at `path`. Raises ExperimentError."""
    return beside(parse(read_text(path), str(path)), path)


def beside(experiment: Experiment, path: str | Path) -> Experiment:
    """`experiment`, which the file at `path` holds: an own file of the data is one of that folder, where it names no other."""
    own = experiment.data.path
    if own is None or is_network_path(own) or Path(own).is_absolute():
        return experiment
    return edited(experiment, data=edited(experiment.data, path=normpath(Path(path).absolute().parent / own)))


def read_text(path: str | Path) -> str:
    """The text of the TOML file at `path`, be it an experiment or a lab's setting. Raises ExperimentError."""
    file = Path(path)
    try:
        if file.is_dir():
            raise ExperimentError("folder", file=path)
        if not file.is_file():
            raise ExperimentError("not_ordinary" if file.exists() else "not_there", file=path)
        if (size := file.stat().st_size) > MOST_BYTES:
            raise ExperimentError("too_large", file=path, size=full_count(size), most=full_count(MOST_BYTES))
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ExperimentError("not_utf8", file=path, line=line) from None
    except OSError as error:
        raise ExperimentError("unreadable", file=path, error=error.strerror or error) from None
    except ExperimentError:
        raise
    except ValueError as error:  # a null byte in the name, which no file has
        raise ExperimentError("unreadable", file=inline(str(path)), error=error) from None


def parse(text: str, source: str = "experiment") -> Experiment:
    """The experiment that TOML `text` describes; `source` names it in errors. Raises ExperimentError."""
    try:
        content = parsed(text)
        network = content.get("network")
        require_room_for(network.get("layers") if isinstance(network, dict) else None)
        return converted(content, Experiment, lambda path: place(text, path))
    except NetworkTomlError as error:
        raise ExperimentError("layers", file=source, problem=error.phrase) from None
    except TomlError as error:
        raise ExperimentError("toml", file=source, problem=error.phrase) from None


def to_toml(experiment: Experiment) -> str:
    """`experiment` as a file's text: what differs from the defaults, and the keys that every reader looks for. Parsing it
    gives `experiment` again."""
    written = "\n".join(f"{key} = {inline(getattr(experiment, key))}" for key in ("name", "seed")) + "\n"
    written += table_of("data", experiment.data, ("name",))
    written += "\n[network]\n"
    if experiment.network.input is not None:
        written += f"input = {inline(experiment.network.input)}\n"
    for layer in experiment.network.layers:
        written += table_of("[network.layers]", layer)
    return written + table_of("training", experiment.training, ("optimizer", "lr", "batch_size", "epochs"))


def named_within(experiment: Experiment, path: str | Path) -> Experiment:
    """`experiment` as the file at `path` holds it: an own file of the data that lies in its folder is named relative to it, so
    that both can be moved together."""
    folder, own = Path(path).absolute().parent, experiment.data.path
    if own is None or not Path(own).is_relative_to(folder):
        return experiment
    relative = Path(own).relative_to(folder).as_posix()
    return edited(experiment, data=edited(experiment.data, path=relative))


def write(experiment: Experiment, path: str | Path) -> None:
    """Save `experiment` at `path`, whole or not at all, as `named_within` says. Raises ExperimentError."""
    try:
        replace_file(path, to_toml(named_within(experiment, path)))
    except OSError as error:
        raise ExperimentError("unwritable", file=path, error=error.strerror or error) from None
    except UnicodeEncodeError:
        raise ExperimentError("half_character", file=path) from None


def preset_names() -> tuple[str, ...]:
    """The presets that come with the program, in the order in which a learner meets them."""
    stems = {file.stem for file in asset("presets").glob("*.toml")}
    known = [stem for stem in words.table("presets") if stem in stems]
    return (*known, *sorted(stems.difference(known)))


def preset(name: str) -> Experiment:
    """The preset of this name. Raises ExperimentError when there is none."""
    if name not in preset_names():
        raise ExperimentError("no_preset", name=inline(name), choices=", ".join(preset_names()))
    return read(asset("presets", f"{name}.toml"))


def trace_of(experiment: Experiment) -> Trace:
    """The network's trace on the input it names, or on the data's where it names none.

    Raises DatasetError when it needs the data's shape and there is no such data.
    """

    layers, shape = experiment.network.layers, experiment.network.input
    if shape is not None:
        return trace(layers, shape)
    info = describe(experiment.data)
    return trace(layers, info.input, tokens=info.tokens)
