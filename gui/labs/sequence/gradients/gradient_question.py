"""What the page of the gradient through time asks, and how its answer is put into few parts. No Qt.

The gradient itself is `engine.sequences.through_time`'s. Called by the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import exp, log
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.data.info import LossName
from engine.networks.trace import Path
from engine.sequences.direct_gradients import LossSteps
from engine.sequences.reading.module_places import recurrent_layers
from engine.sequences.sent_back import StateGradients
from engine.sequences.through_time import (
    StepSpectra,
    ThroughTime,
    decades_over_all,
    gradient_through_time,
    step_spectra,
)
from gui.labs.sequence.sequence_look import clipped

StateName: TypeAlias = Literal["h", "c"]

MOST_GROUPS = 8  # of loss steps: more colours nobody can tell apart
WHILE_LEARNING, AT_REST = 3, 16  # time steps whose Jacobians are looked at: each costs about as much as the gradient
TURNED = 3.0  # times as long at both ends as in between


@dataclass(frozen=True, eq=False)
class GradientAnswer:
    """`spectra` is None where the Jacobians have numbers that are not finite."""

    through: ThroughTime
    spectra: StepSpectra | None


class NoRecurrence:
    """The answer of a network without a recurrent layer."""


@dataclass(frozen=True)
class GradientQuestion:
    """A question of (model, data). A `path` that no recurrent layer is at is the first one; `layer` and `backward` beyond what
    it has are the last it has."""

    sample: int = 0
    path: Path | None = None
    layer: int = 0
    backward: bool = False
    loss: LossName | None = None
    label_smoothing: float = 0.0
    class_weights: bool = False
    clip: float | None = None
    truncated_steps: int | None = None

    def __call__(self, model: Any, data: Any) -> ThroughTime | NoRecurrence:
        places = recurrent_layers(model)
        if not places:
            return NoRecurrence()
        path, rnn = next((place for place in places if place[0] == self.path), places[0])
        found = gradient_through_time(
            model,
            data,
            self.sample,
            path=path,
            layer=clipped(self.layer, rnn.num_layers),
            backward=self.backward and rnn.bidirectional,
            loss=self.loss,
            label_smoothing=self.label_smoothing,
            class_weights=self.class_weights,
            clip=self.clip,
            truncated_steps=self.truncated_steps,
        )
        return found or NoRecurrence()


class LiveGradient:
    """`question`, and the size of the Jacobians beside its answer, of the same weights. These cost about as much as the
    gradient itself: of a model that learns they are found at fewer time steps."""

    def __init__(self, question: GradientQuestion) -> None:
        self._question = question

    def __call__(self, model: Any, data: Any) -> GradientAnswer | NoRecurrence:
        through = self._question(model, data)
        if isinstance(through, NoRecurrence):
            return through
        learning = any(weights.grad is not None for weights in model.parameters())
        return GradientAnswer(through, _spectra(through, WHILE_LEARNING if learning else AT_REST))


def _spectra(through: ThroughTime, most: int) -> StepSpectra | None:
    finite = all(bool(np.isfinite(values).all()) for values in through.direction.arrays.values())
    return step_spectra(through.direction, most) if finite else None


class PartGroup(NamedTuple):
    """Neighbouring loss steps taken together: what they add to the total at each step, as a share of it, and the length of
    what the last one of them sends back; NaN at states that come after it."""

    steps: LossSteps
    share: NDArray[np.float64]  # (T,), NaN where the total is exactly 0
    last_norm: NDArray[np.float64]  # (T,)


def norm_of(gradients: StateGradients, state: StateName) -> NDArray[np.float64] | None:
    """|dL/dh_t| or |dL/dc_t|, (T,); None: there is no such state."""
    return gradients.dh_norm if state == "h" else gradients.dc_norm


def part_groups(through: ThroughTime, state: StateName, most: int = MOST_GROUPS) -> tuple[PartGroup, ...]:
    """At most `most` groups of the parts, in the order of the loss steps. At every step their shares add up to 1, because the
    parts are projected on the total."""
    gradients, total = through.gradients, norm_of(through.gradients, state)
    shares = gradients.dh_share if state == "h" else gradients.dc_share
    norms = gradients.dh_part_norm if state == "h" else gradients.dc_part_norm
    if shares is None or norms is None or total is None:
        return ()
    whole = np.where(total > 0, total, np.nan)
    edges = np.unique(np.linspace(0, len(shares), min(most, len(shares)) + 1).round().astype(int))
    return tuple(
        PartGroup(
            LossSteps(through.loss_steps[first].start, through.loss_steps[last - 1].stop),
            shares[first:last].sum(axis=0) / whole,
            _reached(norms[last - 1], through.loss_steps[last - 1], backward=through.backward),
        )
        for first, last in pairwise(edges)
    )


def last_part(through: ThroughTime, state: StateName) -> NDArray[np.float64] | None:
    """The length of what the last of several loss steps of this direction sends back, (T,): on an axis of its own it shows how
    a gradient vanishes, which the sum over all loss steps hides. None: there is one loss step, which is the total itself."""
    norms = through.gradients.dh_part_norm if state == "h" else through.gradients.dc_part_norm
    if norms is None or len(norms) < 2:
        return None
    number = 0 if through.backward else -1
    return _reached(norms[number], through.loss_steps[number], backward=through.backward)


def _reached(norms: NDArray[np.float64], steps: LossSteps, *, backward: bool) -> NDArray[np.float64]:
    """`norms` where a loss can reach at all: not the states that this direction comes to after it."""
    t = np.arange(len(norms))
    return np.where((t >= steps.start) if backward else (t < steps.stop), norms, np.nan)


def typical(values: NDArray[np.float64]) -> float | None:
    """The geometric mean of positive numbers: of radii and stretches what many steps in a row come to. None where one is 0 or
    not finite."""
    if not len(values) or not (np.isfinite(values).all() and (values > 0).all()):
        return None
    return exp(sum(log(value) for value in values) / len(values))


def turn_of(through: ThroughTime, state: StateName) -> tuple[int, float] | None:
    """Where what the last loss step sends back is shortest, though it is longer again at both ends, and its share of the length
    where it begins: below a bidirectional layer a loss comes in from both ends. None: it does not turn, and has a slope."""
    norms = through.gradients.dh_part_norm if state == "h" else through.gradients.dc_part_norm
    if norms is None or not len(norms):
        return None
    last = norms[0 if through.backward else -1]
    if not (np.isfinite(last).all() and (last > 0).all()):
        return None
    least = int(np.argmin(last))
    begins = float(last[0 if through.backward else -1])
    return (least, float(last[least]) / begins) if TURNED * last[least] < min(last[0], last[-1]) else None


def slope_of(through: ThroughTime, state: StateName) -> float | None:
    """Decades a step back in time, of the part that the last loss step of this direction sends back."""
    if state == "h" or through.gradients.dc_part_norm is None:
        return through.slope
    last = through.gradients.dc_part_norm[0 if through.backward else -1]
    return decades_over_all(last if through.backward else last[::-1])
