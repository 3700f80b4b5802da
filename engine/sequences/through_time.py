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
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.data.info import LossName
from engine.networks.trace import Path
from engine.sequences.opened import CellKind, OpenedDirection

if TYPE_CHECKING:
    from torch import nn

    from engine.data.datasets import Dataset

MOST_PARTS = 200  # of the gradient: more loss steps go into groups of neighbours


class LossSteps(NamedTuple):
    """The loss steps from `start` to before `stop`, which send one part back: one step, of a long sequence several."""

    start: int
    stop: int


@dataclass(frozen=True, eq=False)
class StateGradients:
    """The total derivatives of the loss by the states of one layer and direction, by the input's time step.

    A part's `..._share` at step t is its projection on the direction of the total there, p·d / |d|: it is what the part adds to
    the length of the total, so that all parts of a step add up to `..._norm` exactly (a part that pulls the other way is
    negative). Its `..._part_norm` is its own length. P parts, in the order of the loss steps."""

    dh: NDArray[np.float64]  # (T, R) dL/dh_t
    dc: NDArray[np.float64] | None  # (T, H) dL/dc_t, of an LSTM
    dh_share: NDArray[np.float64]  # (P, T)
    dc_share: NDArray[np.float64] | None
    dh_part_norm: NDArray[np.float64]  # (P, T)
    dc_part_norm: NDArray[np.float64] | None
    dh_parts: NDArray[np.float64] | None = None  # (P, T, R), where they were asked for
    dc_parts: NDArray[np.float64] | None = None

    @property
    def dh_norm(self) -> NDArray[np.float64]:
        """|dL/dh_t|, (T,)"""
        return np.asarray(np.linalg.norm(self.dh, axis=1))

    @property
    def dc_norm(self) -> NDArray[np.float64] | None:
        return None if self.dc is None else np.asarray(np.linalg.norm(self.dc, axis=1))


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
    slope: float | None  # `decades_a_step` of the part that the last of the loss steps sends back, along this direction
    weights_norm: float  # length of the gradient of the sample's loss by all weights of the network
    clip: float | None
    truncated_steps: int | None

    @property
    def clipped_to(self) -> float:
        """By which factor clipping multiplies this sample's gradient: 1 where it does not bite."""
        if self.clip is None or not self.weights_norm > self.clip:
            return 1.0
        return self.clip / self.weights_norm


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

    norms: NDArray[np.float64]  # of dh over the batch, before the first step back and after each but the last
    radius: float  # spectral radius of Wh
    norm: float  # its largest singular value


def gradient_through_time(
    model: nn.Module,
    data: Dataset,
    sample: int,
    *,
    path: Path | None = None,
    layer: int | None = None,
    backward: bool = False,
    loss: LossName | None = None,
    clip: float | None = None,
    truncated_steps: int | None = None,
    keep_parts: bool = False,
) -> ThroughTime | None:
    """Of validation sample `sample`, counted round. `path`: the recurrent layer, None: the one nearest to the output.
    `layer`: of the layers stacked in it, from 0; None: the top one. `loss`, `clip` and `truncated_steps` are the training's;
    truncated backpropagation lets nothing flow from one window of so many steps into the one before. `keep_parts`: also the
    parts' own numbers. None where the network has no such layer or direction."""
    raise NotImplementedError


def all_gradients(
    model: nn.Module, data: Dataset, sample: int, *, loss: LossName | None = None
) -> dict[tuple[Path, int, bool], StateGradients]:
    """The total derivatives of every recurrent layer, by (path, layer, backward); one part, the whole loss."""
    raise NotImplementedError


def step_spectra(direction: OpenedDirection, most: int = 16) -> StepSpectra:
    """Of at most `most` time steps, evenly chosen, the first and the last among them. With H units a step takes about as long
    as the eigenvalues of a matrix of H (of an LSTM 2 H) rows."""
    raise NotImplementedError


def decades_a_step(norms: NDArray[np.float64]) -> float | None:
    """The slope of log10 of `norms`, one a step back in time: -0.1 is a gradient that loses a tenth part of a power of ten a
    step. Least squares over the steps where it is above 0; None where fewer than two are."""
    raise NotImplementedError


def book_graph(scale: float = 1.0) -> BookGraph:
    """np.random.seed(3), N = 2, H = 3: dh begins as ones, Wh is randn(3, 3) × `scale`, each of 20 steps back is dh @ Wh.T, and
    what is drawn is sqrt(Σ dh²) / N."""
    raise NotImplementedError
