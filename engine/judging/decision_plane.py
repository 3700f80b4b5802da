"""What a model answers everywhere in the plane of its two inputs, with the points that it has learned from and those that it
is judged by: the decision boundary, and the lines at which the units of the first layer turn.

`look_at_plane` is a pure function of (model, data) for `Worker.ask`, in evaluation mode; its answer is plain numpy. Called by
the training lab. torch is imported when a model is asked.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.data.info import Task
from engine.layers.base import Shape
from engine.networks.output_meaning import OutputMeaning

if TYPE_CHECKING:
    import torch
    from torch import nn

    from engine.data.datasets import Dataset

SIDE = 100  # places of the grid in either direction
MOST_POINTS = 5_000  # of a part that are shown and judged: the first ones
AT_ONCE = 2_500  # places in one forward pass
AROUND = 0.08  # of the points' extent: room beyond the outermost ones
ALIKE = 3.0  # axes whose extents differ by less have one scale


class PlanePoints(NamedTuple):
    """Points of one part of the data: where they lie, what is true of them, and what the model answers. `truth` and `predicted`
    are classes, or the numbers of a regression; `total` is how many the part has."""

    places: NDArray[np.float32]  # (N, 2)
    truth: NDArray[np.int64] | NDArray[np.float32]  # (N,)
    predicted: NDArray[np.int64] | NDArray[np.float32]  # (N,)
    total: int

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """(N,) whether another class is predicted; of a regression nothing."""
        found: NDArray[np.bool_] = self.truth != self.predicted
        return found


@dataclass(frozen=True, eq=False)
class DecisionPlane:
    """`answers[row, column]` is what the model answers at (`across[column]`, `up[row]`): a number for each class, by the rule
    of `output_meaning`, or the first output of a regression. The row 0 is the lowest one. `units` are the weights and the bias
    (w₁, w₂, b) of each unit of a first fully connected layer, which turns where w₁x₁ + w₂x₂ + b = 0; None where the network
    begins otherwise."""

    task: Task
    classes: tuple[str, ...]
    meaning: OutputMeaning
    across: NDArray[np.float64]  # (SIDE,)
    up: NDArray[np.float64]  # (SIDE,)
    answers: NDArray[np.float32]  # (SIDE, SIDE, classes), (SIDE, SIDE, 1) of a regression
    units: NDArray[np.float64] | None  # (units, 3)
    training: PlanePoints
    validation: PlanePoints
    seconds: float
    learning: bool  # the model has gradients of a step, so it is in training

    @property
    def is_finite(self) -> bool:
        """Whether all answers are; after a divergence they are not."""
        return bool(np.isfinite(self.answers).all())

    @property
    def limits(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The ends of the grid, half a cell beyond its outermost places: across, and up."""
        found = []
        for places in (self.across, self.up):
            half = (places[-1] - places[0]) / (len(places) - 1) / 2
            found.append((float(places[0] - half), float(places[-1] + half)))
        return found[0], found[1]

    def margins(self) -> NDArray[np.float32]:
        """(SIDE, SIDE, classes) how far the answer for each class is above the largest one for another: 0 on the boundary. Of
        two classes' probabilities that is 2p - 1, so the boundary is where p = 0.5."""
        return above_others(self.answers)


def above_others(answers: NDArray[np.float32]) -> NDArray[np.float32]:
    """(..., classes) how far each class's number is above the largest one of another class."""
    if answers.shape[-1] == 2:
        return answers - answers[..., ::-1]
    largest, second = answers[..., 0], np.full_like(answers[..., 0], -np.inf)
    for number in range(1, answers.shape[-1]):  # a few classes: several times as fast as sorting them
        one = answers[..., number]
        second = np.maximum(second, np.minimum(largest, one))
        largest = np.maximum(largest, one)
    largest, second = largest[..., None], second[..., None]
    found: NDArray[np.float32] = answers - np.where(answers == largest, second, largest)
    return found


def has_two_inputs(shape: Shape) -> bool:
    """Whether samples of this shape are points of a plane."""
    return shape == (2,)


def look_at_plane(model: nn.Module, data: Dataset, *, meaning: OutputMeaning = "scores") -> DecisionPlane:
    """The plane of a model whose inputs are two numbers. `meaning` says how outputs for classes become probabilities. The model
    is not changed. Raises ValueError for other data."""
    import torch

    if not has_two_inputs(data.input) or data.task == "next_token":
        raise ValueError(f"samples of {data.input} are no points of a plane")
    began = time.perf_counter()
    parts = [
        (x[:MOST_POINTS].cpu(), y[:MOST_POINTS].cpu(), len(x))
        for x, y in ((data.x_train, data.y_train), (data.x_validation, data.y_validation))
    ]
    across, up = _axes(torch.cat([x for x, _, _ in parts]).numpy())
    grid = np.stack(np.meshgrid(across, up), axis=2).astype(np.float32).reshape(-1, 2)
    asked = torch.cat([torch.from_numpy(grid), *(x for x, _, _ in parts)])
    answers = _answers(model, asked, data.task, meaning)
    found, at = list[PlanePoints](), len(grid)
    for x, y, total in parts:
        own = answers[at : at + len(x)]
        at += len(x)
        truth = y.numpy() if data.task == "classification" else y.reshape(len(y), -1)[:, 0].numpy()
        predicted = own.argmax(axis=1) if data.task == "classification" else own[:, 0]
        found.append(PlanePoints(x.numpy(), truth, predicted, total))
    return DecisionPlane(
        data.task,
        data.classes if data.task == "classification" else (),
        meaning,
        across,
        up,
        answers[: len(grid)].reshape(SIDE, SIDE, -1),
        _first_units(model),
        found[0],
        found[1],
        time.perf_counter() - began,
        any(weights.grad is not None for weights in model.parameters()),
    )


def _axes(points: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The places of the grid: the middles of SIDE equal cells around all points, with one scale where the extents are alike."""
    finite = points[np.isfinite(points).all(axis=1)].astype(np.float64)
    if not len(finite):
        finite = np.zeros((1, 2))
    low, high = finite.min(axis=0), finite.max(axis=0)
    extent = np.where(high > low, high - low, 1.0)
    if extent.max() < ALIKE * extent.min():
        extent[:] = extent.max()
    begin = (low + high) / 2 - extent * (0.5 + AROUND)
    step = extent * (1 + 2 * AROUND) / SIDE
    middles = np.arange(SIDE) + 0.5
    return begin[0] + step[0] * middles, begin[1] + step[1] * middles


def _answers(model: nn.Module, x: torch.Tensor, task: Task, meaning: OutputMeaning) -> NDArray[np.float32]:
    """(N, classes), or (N, outputs) of a regression, on the CPU; no memory is shared with the model."""
    import torch

    device = next((weights.device for weights in model.parameters()), torch.device("cpu"))
    with torch.no_grad():
        outputs = torch.cat([model(x[at : at + AT_ONCE].to(device)).float().cpu() for at in range(0, len(x), AT_ONCE)])
        if task == "classification" and meaning == "scores":
            outputs = outputs.softmax(dim=1)
    found: NDArray[np.float32] = outputs.numpy()
    return found


def _first_units(model: nn.Module) -> NDArray[np.float64] | None:
    """Weights and bias of the units that read the inputs as they are."""
    from torch import nn as torch_nn

    for module in model.children():
        if isinstance(module, torch_nn.Linear):
            if module.in_features != 2:
                return None
            weight = module.weight.detach().double().cpu()
            bias = weight.new_zeros(len(weight), 1) if module.bias is None else module.bias.detach().double().cpu()[:, None]
            found: NDArray[np.float64] = np.concatenate([weight.numpy(), bias.numpy()], axis=1)
            return found
        if not isinstance(module, torch_nn.Flatten | torch_nn.Dropout | torch_nn.Identity):
            return None
    return None
