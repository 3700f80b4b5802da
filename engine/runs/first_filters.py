"""The filters that a network of the user's own has learnt: the first convolution of a run, read from its folder.

Only what is needed is read: the experiment's TOML, and two tensors out of `weights.safetensors`, never torch.load, never
torch. What was read is kept until the files change, because a slider asks for it at each move.
Called by the labs that offer runs; `engine.cells.filters` is handed what was read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.cells.filters import Filters, FiltersError, Weights
from engine.data.info import DatasetError
from engine.data.sources import describe
from engine.experiments.experiment import Experiment, ExperimentError, read
from engine.experiments.naming import name_in
from engine.layers.base import Layer
from engine.layers.catalog import Sequential, Sliding
from engine.layers.kinds.composite import Composite
from engine.layers.kinds.convolution import Conv1d, Conv2d, Conv3d
from engine.layers.kinds.filtering import Filtering
from engine.layers.kinds.transposed import ConvTranspose2d, Transposed
from engine.runs.folder import EXPERIMENT, WEIGHTS, subfolders

FilterLayer: TypeAlias = Conv1d | Conv2d | Conv3d | ConvTranspose2d

MOST_RUNS = 200  # in a list: the newest


def first_layer(folder: str | Path) -> tuple[FilterLayer, Filters]:
    """The first convolution of the run in `folder`, in the order of its network, and its weights after the last step that was
    kept. The layer's input channels are left open. Do not write into the weights.

    Raises FiltersError: there is no run, it has no convolution, nothing was kept yet, a file is damaged, it has diverged."""
    path = Path(folder)
    if not str(folder):
        raise FiltersError("no_run")
    try:
        experiment = (path / EXPERIMENT).stat()
    except (OSError, ValueError):
        raise FiltersError("run_missing", folder=str(folder)) from None
    try:
        weights = (path / WEIGHTS).stat()
    except OSError:
        raise FiltersError("run_without_weights", folder=path.name) from None
    return _first_layer(path, (experiment.st_mtime_ns, experiment.st_size), (weights.st_mtime_ns, weights.st_size))


def trained_filters(weights: Weights, layer: Sliding) -> tuple[FilterLayer, Filters] | None:
    """What `filters_of` needs for `layer` where its weights are a run's: `first_layer` of that run. None where they are not.
    Raises FiltersError."""
    return first_layer(weights.run) if weights.source == "run" and isinstance(layer, Filtering) else None


def has_convolution(experiment: Experiment) -> bool:
    """Whether there is a first convolution, for `first_layer`."""
    return next(_convolutions(experiment.network.layers), None) is not None


def sees_pictures(experiment: Experiment) -> bool:
    """Whether a picture can be its network's input: (C, H, W), or a film of them."""
    try:
        return len(experiment.network.input or describe(experiment.data).input) in (3, 4)
    except DatasetError:
        return False


def trained_runs(
    runs_folder: str | Path, offered: Callable[[Experiment], bool] = has_convolution, language: str = "en"
) -> list[tuple[Path, str]]:
    """The runs in a folder of runs, and in its queues, that are `offered` and have kept their weights, the last kept first:
    (folder, title in `language`). Reads no weights. A folder that is not there has no runs."""
    found = []
    for folder in _run_folders(Path(runs_folder)):
        try:
            found.append(((folder / WEIGHTS).stat().st_mtime_ns, folder))
        except OSError:
            continue
    runs = []
    for _, folder in sorted(found, reverse=True):
        title = run_title(folder, offered, language)
        if title is not None:
            runs.append((folder, title))
        if len(runs) == MOST_RUNS:
            break
    return runs


def run_title(folder: Path, offered: Callable[[Experiment], bool] = has_convolution, language: str = "en") -> str | None:
    """What the run is called in a list: its experiment's name, and when it was begun. None where it is not `offered`, or where
    there is none that can be read."""
    from engine.runs.library.run_list import begun_at

    try:
        written = (folder / EXPERIMENT).stat()
    except OSError:
        return None
    name = _name(folder, (written.st_mtime_ns, written.st_size), offered, language)
    begun = datetime.fromtimestamp(begun_at(folder.name, written.st_mtime_ns))
    return None if name is None else f"{name} · {begun:%Y-%m-%d %H:%M}"


def _run_folders(root: Path) -> Iterator[Path]:
    """The folders of runs in `root`, and in the folders of queues that lie in it."""
    for folder in subfolders(root):
        if (folder / EXPERIMENT).exists():
            yield folder
        else:
            yield from subfolders(folder)


@lru_cache(maxsize=4 * MOST_RUNS)
def _name(folder: Path, stamp: tuple[int, int], offered: Callable[[Experiment], bool], language: str) -> str | None:
    """The experiment's name; None where it is not offered, or cannot be read. `stamp` is of the file that was read."""
    try:
        experiment = read(folder / EXPERIMENT)
    except ExperimentError:
        return None
    return name_in(experiment, language) if offered(experiment) else None


@lru_cache(maxsize=8)
def _first_layer(folder: Path, experiment: tuple[int, int], weights: tuple[int, int]) -> tuple[FilterLayer, Filters]:
    """As `first_layer`; the numbers say which state of the two files it is."""
    try:
        network = read(folder / EXPERIMENT).network
    except ExperimentError as error:
        raise FiltersError("run_damaged", file=EXPERIMENT, folder=folder.name) from error
    name, layer = next(_convolutions(network.layers), ("", None))
    if layer is None:
        raise FiltersError("run_without_convolution", folder=folder.name)
    weight, bias_O = _tensors(folder, f"{name}.weight", f"{name}.bias" if layer.bias else None)
    outputs, inputs = (1, 0) if isinstance(layer, Transposed) else (0, 1)
    if (
        weight.ndim != 2 + layer.AXES
        or weight.shape[2:] != layer.kernel
        or weight.shape[outputs] * (layer.groups if outputs else 1) != layer.out_channels
        or weight.shape[inputs] == 0
        or (bias_O is not None and bias_O.shape != (layer.out_channels,))
    ):
        raise FiltersError("run_damaged", file=WEIGHTS, folder=folder.name)
    if bias_O is None:
        bias_O = np.zeros(layer.out_channels, np.float32)
    if not (np.isfinite(weight).all() and np.isfinite(bias_O).all()):
        raise FiltersError("run_diverged", folder=folder.name)
    for values in (weight, bias_O):
        values.setflags(write=False)
    return msgspec.structs.replace(layer, in_channels=None), Filters(weight, bias_O)


def _convolutions(layers: Sequence[Layer], inside: str = "") -> Iterator[tuple[str, FilterLayer]]:
    """The convolutions in order, with the names that `engine.passes.modules` gives them: 0, 2.main.0, 3.branches.1.0."""
    for index, layer in enumerate(layers):
        name = f"{inside}{index}"
        if isinstance(layer, FilterLayer):
            yield name, layer
        elif isinstance(layer, Composite):
            for branch in layer.branches_in_order():
                way = [] if isinstance(layer, Sequential) else [str(part) for part in branch.path]
                yield from _convolutions(branch.layers, ".".join([name, *way]) + ".")


def _tensors(folder: Path, weight: str, bias: str | None) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    """Two tensors of the run's weights, as float32. Raises FiltersError."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(folder / WEIGHTS, "np") as kept:
            # copies: the file may be replaced while they are in use
            found = [np.array(kept.get_tensor(name), np.float32) for name in (weight, bias) if name is not None]
    except (SafetensorError, OSError, ValueError, TypeError, AttributeError, MemoryError) as error:
        raise FiltersError("run_damaged", file=WEIGHTS, folder=folder.name) from error
    return found[0], found[1] if bias is not None else None
