"""Accuracy of trained networks on pictures that are shifted or turned: the courses' claim that a CNN bears it better than a
fully connected network, measured.

A network is a run's, read from its folder with its own data. Shifted by k cells means: by k to the left, right, up and down,
four sets, of whose accuracies the mean is taken. Called by the training lab's dialog, in a thread of its own. torch is imported
inside the functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.data.info import DatasetError
from engine.data.sources import describe
from engine.experiments.experiment import Experiment
from engine.judging.moving import Motion, moved
from engine.runs.folder import Run
from engine.words import CodedError

if TYPE_CHECKING:
    from engine.passes.loaded import LoadedNetwork

Movement: TypeAlias = Literal["shift", "rotation"]

MOVEMENTS: tuple[Movement, ...] = ("shift", "rotation")
MOST_DEGREES, DEGREES = 90, 10
MOST_SHIFTS = 10  # positions beside 0
SHIFTED_SHARE = 0.5  # of the shorter side, at most
AT_ONCE = 250  # samples in one forward pass


class MovedError(CodedError):
    """Two networks that cannot be compared on moved pictures."""

    TABLE = "judging"


@dataclass(frozen=True, eq=False)
class MovedCurve:
    """The accuracy of a network over the validation set at each of `positions`: cells, or degrees clockwise."""

    movement: Movement
    positions: tuple[float, ...]
    accuracy: tuple[float, ...]
    samples: int


def positions(movement: Movement, shape: Sequence[int]) -> tuple[float, ...]:
    """Where the accuracy is measured, for pictures of `shape` (C, H, W)."""
    if movement == "rotation":
        return tuple(float(degrees) for degrees in range(-MOST_DEGREES, MOST_DEGREES + 1, DEGREES))
    most = max(1, int(min(shape[1:]) * SHIFTED_SHARE))
    step = max(1, -(-most // MOST_SHIFTS))
    return tuple(float(cells) for cells in range(0, most + 1, step))


def motions(movement: Movement, position: float) -> tuple[Motion, ...]:
    """The movements that a position stands for."""
    if movement == "rotation":
        return (Motion(rotation=position),)
    if position == 0:
        return (Motion(),)
    ways = ((0.0, position), (0.0, -position), (position, 0.0), (-position, 0.0))
    return tuple(Motion(down=down, across=across) for down, across in ways)


def sees_classes_of_pictures(experiment: Experiment) -> bool:
    """Whether its network classifies pictures (C, H, W), which can be moved."""
    try:
        info = describe(experiment.data)
    except DatasetError:
        return False
    return info.task == "classification" and len(info.input) == 3


class TrainedNetwork:
    """The network of a run with the weights that were kept last, and its own validation set, split as in its training.

    Raises RunError, DatasetError, PassError where the weights are missing, not the network's, or have diverged, and MovedError
    where the network does not classify pictures. No global random generator is touched."""

    def __init__(self, folder: Path) -> None:
        from engine.data.datasets import load
        from engine.networks.trace import trace
        from engine.passes.activations import weights_of_run
        from engine.passes.loaded import LoadedNetwork

        self.experiment = Run.open(folder).experiment
        if not sees_classes_of_pictures(self.experiment):
            raise MovedError("no_pictures", run=folder.name)
        data = load(self.experiment.data, seed=self.experiment.seed)
        layers = self.experiment.network.layers
        traced = trace(layers, data.input)
        if traced.problem is not None:
            raise MovedError("no_network", run=folder.name)
        weights = weights_of_run(str(folder), LoadedNetwork.shapes(layers, traced.rows))
        self.network: LoadedNetwork = LoadedNetwork(layers, traced.rows, 0, weights)
        self.x: NDArray[np.float32] = data.x_validation.numpy()
        self.y: NDArray[np.int64] = data.y_validation.numpy()

    def predicted(self, x: NDArray[np.float32]) -> NDArray[Any]:
        """The class with the largest output, of each picture."""
        import torch

        with torch.no_grad():
            found: NDArray[Any] = self.network.run(torch.from_numpy(x)).argmax(1).numpy()
        return found


def moved_accuracy(
    predicted: Callable[[NDArray[np.float32]], NDArray[Any]],
    x: NDArray[np.float32],
    y: NDArray[np.int64],
    movement: Movement,
    checkpoint: Callable[[float], None] | None = None,
) -> MovedCurve:
    """The accuracy of `predicted` over the pictures `x` of classes `y`, at each position. A few hundred pictures at a time;
    between them `checkpoint` is told how far it is, and may raise to end it."""
    where = positions(movement, x.shape[1:])
    work = [(number, motion) for number, position in enumerate(where) for motion in motions(movement, position)]
    hits, asked = np.zeros(len(where)), np.zeros(len(where))
    for done, (number, motion) in enumerate(work):
        for part in _parts(len(x)):
            if checkpoint is not None:
                checkpoint((done + part.start / len(x)) / len(work))
            hits[number] += int((predicted(moved(x[part], motion)) == y[part]).sum())
            asked[number] += part.stop - part.start
    return MovedCurve(movement, where, tuple((hits / asked).tolist()), len(x))


def _parts(count: int) -> Iterator[slice]:
    for start in range(0, count, AT_ONCE):
        yield slice(start, min(start + AT_ONCE, count))
