"""How the gradient of a sample's loss runs back through time: the total derivative by every hidden and cell state, split into
the parts that each loss step sends back.

`h_t` reaches the loss in two ways: directly, through what reads the layer's output at step t, and through `h_{t+1}` and all
states after it. The gradient that torch leaves at the fused layer's output is the direct part alone: with a loss at the last
step only it is zero before that step, however well the layer remembers. The total derivative follows from the unrolled cell,

    dL/dh_t = direct_t + J_t' dL/d(state at t + 1)

by the same recursion by which torch finds the weights' gradients, here written by hand for all loss steps at once, in double
precision. The sum over loss steps is the total. `gradient_through_time` is a probe, a pure function of (model, data), in
evaluation mode; its answer is plain numpy. torch is imported when a model is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.data.info import LossName
from engine.networks.trace import Path
from engine.sequences.direct_gradients import LossSteps, SampleLoss, loss_parts, pass_back, split_by_part
from engine.sequences.opened import CellKind, OpenedDirection
from engine.sequences.reading.module_places import recurrent_layers
from engine.sequences.sent_back import StateGradients, jacobians, sent_back

if TYPE_CHECKING:
    from torch import nn

    from engine.data.datasets import Dataset


@dataclass(frozen=True, eq=False)
class ThroughTime:
    """The answer for one layer and direction of one recurrent layer. `loss_steps` names the parts: `loss_of_part` is what each
    adds to `loss`. A loss of one number for the whole sequence is one part, of the step at which the direction ends."""

    sample: int
    total: int  # validation samples
    path: Path
    kind: CellKind
    layer: int
    backward: bool
    loss: float
    loss_steps: tuple[LossSteps, ...]
    loss_of_part: NDArray[np.float64]  # (P,)
    gradients: StateGradients
    slope: float | None  # `decades_over_all` of the part that the last of the loss steps sends back, along this direction
    weights_norm: float  # length of the gradient of the sample's loss by all weights of the network
    clip: float | None
    truncated_steps: int | None
    direction: OpenedDirection  # whose states these are

    @property
    def clipped_to(self) -> float:
        """By which factor clipping multiplies this sample's gradient: 1 where it does not bite."""
        return clipped_to(self.weights_norm, self.clip)

    @property
    def is_finite(self) -> bool:
        """Whether loss and gradients are finite numbers; after a divergence they are not."""
        given = self.gradients
        return bool(np.isfinite(self.loss)) and all(
            np.isfinite(each).all() for each in (given.dh, given.dc) if each is not None
        )


@dataclass(frozen=True, eq=False)
class WholeGradient:
    """The total derivatives of a sample's loss by the states of all recurrent layers that take part in the answer, by (path,
    layer, backward): each in one part, the whole loss."""

    loss: float
    weights_norm: float
    clip: float | None
    states: dict[tuple[Path, int, bool], StateGradients]

    @property
    def clipped_to(self) -> float:
        return clipped_to(self.weights_norm, self.clip)


@dataclass(frozen=True, eq=False)
class StepSpectra:
    """The recurrent Jacobian of some time steps, ∂(state after step t) / ∂(state before it), in two numbers each. The state
    is h; of an LSTM h and c together. Over many steps the spectral radius says whether a gradient vanishes or grows (their
    product, where the Jacobians are alike); the largest singular value only bounds what one step may do to it, and can be
    above 1 where everything vanishes."""

    steps: NDArray[np.int64]
    radius: NDArray[np.float64]  # the largest |eigenvalue|
    norm: NDArray[np.float64]  # the largest singular value


@dataclass(frozen=True, eq=False)
class BookGraph:
    """The graph of 『밑바닥부터 시작하는 딥러닝 2』, chapter 6."""

    scale: float
    matrix: NDArray[np.float64]  # Wh × scale, (3, 3)
    start: float  # what is drawn after the steps, before the first one
    norms: NDArray[np.float64]  # of dh over the batch, after each step back
    radius: float  # spectral radius of Wh
    norm: float  # its largest singular value

    @property
    def alignment(self) -> float:
        """|cos| of the angle between the direction that one step stretches most and where it turns that direction to: 1 where
        the next step would stretch the same direction again."""
        left, _, right = np.linalg.svd(self.matrix)
        return float(abs(left[:, 0] @ right[0]))


def gradient_through_time(
    model: nn.Module,
    data: Dataset,
    sample: int,
    *,
    path: Path | None = None,
    layer: int | None = None,
    backward: bool = False,
    loss: LossName | None = None,
    label_smoothing: float = 0.0,
    class_weights: bool = False,
    clip: float | None = None,
    truncated_steps: int | None = None,
    keep_parts: bool = False,
) -> ThroughTime | None:
    """Of validation sample `sample`, counted round. `path`: the recurrent layer, None: the one that is run last. `layer`: of
    the layers stacked in it, from 0; None: the top one. `loss` to `truncated_steps` are the training's; truncated
    backpropagation lets nothing flow from one window of so many steps into the one before. `keep_parts`: also the parts' own
    numbers. None where the network has no such layer or direction, or the layer takes no part in the answer."""
    layers = recurrent_layers(model)
    chosen = [rnn for place, rnn in layers if place == path] if path is not None else [rnn for _, rnn in layers[-1:]]
    if not chosen or (backward and not chosen[0].bidirectional) or not (layer is None or layer < chosen[0].num_layers):
        return None
    rnn, place = chosen[0], next(place for place, one in layers if one is chosen[0])
    judge = SampleLoss(data, loss, label_smoothing, class_weights)
    ran = pass_back(model, data, sample, judge, truncated_steps)
    module = next(module for module in ran.modules if module.rnn is rnn)
    if module.direct is None:
        return None
    directions, terms = module.directions, len(ran.terms)
    steps = directions[0].steps
    parts = loss_parts(terms, steps)
    direct = split_by_part(model, place, module, parts, terms, judge, data, sample)
    number = rnn.num_layers - 1 if layer is None else layer
    found = sent_back(
        directions,
        direct,
        len(parts),
        lambda one: (one.layer, one.backward) == (number, backward),
        truncated_steps=truncated_steps,
        keep_parts=keep_parts,
    )[number, backward]
    if terms == 1:
        parts = (LossSteps(0, 1) if backward else LossSteps(steps - 1, steps),)
    last = 0 if backward else len(parts) - 1
    norms = found.dh_part_norm[last]
    return ThroughTime(
        sample % len(data.x_validation),
        len(data.x_validation),
        place,
        directions[0].kind,
        number,
        backward,
        float(ran.terms.sum()),
        parts,
        np.array([ran.terms[part.start : part.stop].sum() for part in parts]) if terms > 1 else ran.terms,
        found,
        decades_over_all(norms if backward else norms[::-1]),
        ran.weights_norm,
        clip,
        truncated_steps,
        next(one for one in directions if (one.layer, one.backward) == (number, backward)),
    )


def whole_gradient(
    model: nn.Module,
    data: Dataset,
    sample: int,
    *,
    loss: LossName | None = None,
    label_smoothing: float = 0.0,
    class_weights: bool = False,
    clip: float | None = None,
    truncated_steps: int | None = None,
) -> WholeGradient:
    """The total derivatives by the states of every recurrent layer, not split."""
    ran = pass_back(model, data, sample, SampleLoss(data, loss, label_smoothing, class_weights), truncated_steps)
    states = {
        (place, *key): ran.gradients[rnn][key]
        for place, rnn in recurrent_layers(model)
        for key in sorted(ran.gradients.get(rnn, {}))
    }
    return WholeGradient(float(ran.terms.sum()), ran.weights_norm, clip, states)


def step_spectra(direction: OpenedDirection, most: int = 16) -> StepSpectra:
    """Of at most `most` time steps, evenly chosen, the first and the last among them. With H units a step takes about as long
    as the eigenvalues of a matrix of H (of an LSTM 2 H) rows."""
    steps = np.unique(np.linspace(0, direction.steps - 1, min(most, direction.steps)).round().astype(np.int64))
    radius, norm = np.full(len(steps), np.nan), np.full(len(steps), np.nan)
    for number, matrix in enumerate(jacobians(direction, steps.tolist())):
        if np.isfinite(matrix).all():
            radius[number], norm[number] = radius_and_norm(matrix)
    return StepSpectra(steps, radius, norm)


def radius_and_norm(matrix: NDArray[np.float64]) -> tuple[float, float]:
    """The largest |eigenvalue| and the largest singular value of a square matrix."""
    return float(np.abs(np.linalg.eigvals(matrix)).max()), float(np.linalg.norm(matrix, 2))


def clipped_to(length: float, clip: float | None) -> float:
    """By which factor clipping to `clip` multiplies a gradient of this length."""
    return clip / length if clip is not None and length > clip else 1.0


def decades_a_step(norms: NDArray[np.float64]) -> float | None:
    """The slope of log10 of `norms`, one a step back in time: -0.1 is a gradient that has a tenth left after ten steps. Least
    squares over the steps where it is a number above 0; None where fewer than two are."""
    steps = np.flatnonzero(np.isfinite(norms) & (norms > 0))
    if len(steps) < 2:
        return None
    across, heights = steps - steps.mean(), np.log10(norms[steps])
    return float(across @ heights / (across @ across))


def decades_over_all(norms: NDArray[np.float64]) -> float | None:
    """How much log10 of `norms`, one a step back in time, changes by at each step, as the mean from the first length to the
    last one: so many steps later is left what is left there, however the course bends between. None where fewer than two
    are numbers above 0."""
    steps = np.flatnonzero(np.isfinite(norms) & (norms >= np.finfo(np.float64).tiny))
    if len(steps) < 2:
        return None
    first, last = int(steps[0]), int(steps[-1])
    return float(np.log10(norms[last]) - np.log10(norms[first])) / (last - first)


def book_graph(scale: float = 1.0, steps: int = 20) -> BookGraph:
    """As the book has it: with np.random.seed(3), N = 2 and H = 3, dh begins as ones, Wh is randn(3, 3) × `scale`, each step
    back is dh @ Wh.T, and what is drawn is sqrt(Σ dh²) / N."""
    matrix = np.random.RandomState(3).randn(3, 3) * scale  # the numbers of np.random.seed(3), whatever else is drawn
    dh, norms = np.ones((2, 3)), []
    for _ in range(steps + 1):
        norms.append(float(np.sqrt((dh**2).sum()) / len(dh)))
        dh = dh @ matrix.T
    return BookGraph(scale, matrix, norms[0], np.array(norms[1:]), *radius_and_norm(matrix))
