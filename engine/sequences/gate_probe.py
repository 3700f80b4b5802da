"""Every gate of a network's recurrent layers for one validation sample, and what the gates say in a few numbers.

`look_at_gates` is a probe, a pure function of (model, data), in evaluation mode; its answer is plain numpy that shares no
memory with the model. `gate_shares`, `half_life`, `keeping_gate`, `activity` and `unit_order` read the arrays. Called by the
sequence lab and the command `gates`; torch is imported when a model is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.data.info import Task
from engine.networks.trace import Path
from engine.passes.one_sample import OneSample, answer_to, one_sample
from engine.sequences.opened import OpenedDirection, opened
from engine.sequences.reading.module_places import recurrent_layers

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.data.datasets import Dataset

UnitOrder: TypeAlias = Literal["as_they_are", "forget", "activity"]

NEARLY_CLOSED, NEARLY_OPEN = 0.1, 0.9


@dataclass(frozen=True, eq=False)
class GatesAnswer:
    """`x`, `y` and `output`, what the network answers, are as in `Dataset`, without the batch. `recurrent` is every recurrent
    layer that was asked for, by its path in the network, in the order in which the network runs them, each with its layers and
    directions. A layer behind others may have another number of time steps than `x`."""

    sample: int
    total: int  # validation samples
    task: Task
    classes: tuple[str, ...]
    x: NDArray[Any]
    y: NDArray[Any]
    output: NDArray[np.float32]
    recurrent: tuple[tuple[Path, tuple[OpenedDirection, ...]], ...]

    @property
    def directions(self) -> tuple[OpenedDirection, ...]:
        """All layers and directions of all recurrent layers, one after the other."""
        return tuple(direction for _, each in self.recurrent for direction in each)

    @property
    def is_finite(self) -> bool:
        """Whether all numbers are finite; after a divergence they are not."""
        return bool(np.isfinite(self.output).all()) and all(
            bool(np.isfinite(values).all()) for direction in self.directions for values in direction.arrays.values()
        )


class GateShares(NamedTuple):
    """Shares of a gate's values under 0.1 and over 0.9."""

    closed: float
    open: float


def look_at_gates(model: nn.Module, data: Dataset, sample: int, path: Path | None = None) -> GatesAnswer:
    """Validation sample `sample`, counted round, in `model`, which is as `engine.passes.modules.build` makes it. `path`: of
    that recurrent layer only. A network without one, or without one at `path`, has an empty `recurrent`."""
    import torch

    asked = one_sample(data, sample)
    wanted = [(place, rnn) for place, rnn in recurrent_layers(model) if path is None or place == path]
    with torch.no_grad(), inputs_of([rnn for _, rnn in wanted]) as read:
        output = answer_to(model, asked.x)
        found = tuple((place, opened(rnn, read[rnn])) for place, rnn in wanted)
    return answer_of(data, asked, output, found)


def answer_of(
    data: Dataset,
    asked: OneSample,
    output: NDArray[np.float32],
    recurrent: tuple[tuple[Path, tuple[OpenedDirection, ...]], ...],
) -> GatesAnswer:
    """What `recurrent` is of the sample that was `asked`, to which the network answers `output`."""
    return GatesAnswer(
        asked.number,
        asked.total,
        data.task,
        data.classes,
        asked.x[0].numpy().copy(),
        np.array(asked.y[0].numpy()),
        output,
        recurrent,
    )


@contextmanager
def inputs_of(modules: list[nn.RNNBase]) -> Iterator[dict[nn.RNNBase, Tensor]]:
    """While it is entered, a forward pass over one sample leaves here what each of `modules` has read, (T, D)."""
    read: dict[nn.RNNBase, Tensor] = {}

    def keep(module: nn.Module, inputs: tuple[Any, ...]) -> None:
        read[module] = inputs[0][0].detach()  # type: ignore[index]

    with ExitStack() as stack:
        for module in modules:
            stack.callback(module.register_forward_pre_hook(keep).remove)
        yield read


# --- what the gates say


def gate_shares(values: NDArray[np.float32]) -> GateShares:
    """The shares of all of a gate's values; of one unit for a column."""
    if not values.size:
        return GateShares(0.0, 0.0)
    return GateShares(float((values < NEARLY_CLOSED).mean()), float((values > NEARLY_OPEN).mean()))


def keeping_gate(direction: OpenedDirection) -> NDArray[np.float32] | None:
    """The values that multiply the old state, (T, H): f of an LSTM, z of a GRU (torch's h' = (1 - z) n + z h). An RNN has
    none."""
    return direction.arrays.get("f" if direction.kind == "LSTM" else "z")


def half_life(kept: NDArray[np.float32]) -> NDArray[np.float64]:
    """After how many steps half of each unit's state is left if nothing is added, from the values (T, H) that multiply it.

    With one value f at all steps, f^n = 1/2 after n = -ln 2 / ln f steps. Values that vary multiply to that of their geometric
    mean, so f is that mean: n = -ln 2 / mean(ln f_t). A value of 0 at any step forgets all at once: 0 steps. Values of 1 at all
    steps keep everything: infinity."""
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.log(kept.astype(np.float64)).mean(0)
        found: NDArray[np.float64] = np.where(mean == 0, np.inf, -log(2) / mean)
    return found + 0.0  # no -0


def activity(direction: OpenedDirection) -> NDArray[np.float64]:
    """How much each unit says, (H,): the mean size of its output over the sequence, |h|; behind a projection, whose states
    belong to no unit, |o * tanh(c)|."""
    arrays = direction.arrays
    values = arrays["h"] if direction.weight_hr is None else arrays["o"] * np.tanh(arrays["c"])
    found: NDArray[np.float64] = np.abs(values.astype(np.float64)).mean(0)
    return found


def unit_order(direction: OpenedDirection, by: UnitOrder) -> NDArray[np.int64]:
    """The numbers of the units in the order in which a heat map shows them, (H,): the largest mean forget value first (f of an
    LSTM, z of a GRU, both of which keep the old state), or the most active unit first. Units that are alike stay in their
    order,
    so do those of an RNN by forget value, which it has not."""
    values: NDArray[Any] | None = None
    if by == "forget":
        kept = keeping_gate(direction)
        values = None if kept is None else kept.astype(np.float64).mean(0)
    elif by == "activity":
        values = activity(direction)
    if values is None:
        return np.arange(direction.units)
    return np.argsort(-values, kind="stable")
