"""The direct gradients of a sample's loss by the outputs of a recurrent layer, each part of the loss by itself: what comes to
the layer from above, before it runs back through time. Importing this imports no torch. Called by
`engine.sequences.through_time`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from engine.data.info import LossName
from engine.networks.trace import Path
from engine.sequences.gate_probe import device_of, inputs_of
from engine.sequences.sent_back import At

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.data.datasets import Dataset

MOST_PARTS = 200  # of the gradient: more loss steps go into groups of neighbours
MOST_CELLS = 100_000  # parts × time steps
COPIED = 4_000_000  # numbers of a layer's outputs, where the network must run on copies


class LossSteps(NamedTuple):
    """The loss steps from `start` to before `stop`, which send one part back: one step, of a long sequence several."""

    start: int
    stop: int


class SampleLoss:
    """The loss of one sample as a sum over the time steps of its answer; of one answer for the whole sequence it is one term.
    It is the loss that `engine.training.objective` has for a batch of this sample."""

    def __init__(self, data: Dataset, loss: LossName | None, smoothing: float, class_weights: bool) -> None:
        import torch

        self._task, self._smoothing, self._classes = data.task, smoothing, data.outputs
        self._squared = (data.loss if loss is None else loss) == "mean_squared_error"
        self._weights: Tensor | None = None
        if class_weights and data.task != "regression":
            counts = torch.bincount(data.y_train.flatten().cpu(), minlength=data.outputs)
            self._weights = data.y_train.numel() / (data.outputs * counts.clamp(min=1).float())

    def terms(self, outputs: Tensor, y: Tensor) -> Tensor:
        """(N, S) for the answers to N copies of the sample, `y` its target with a batch of one."""
        from torch.nn.functional import cross_entropy, one_hot

        y = y.to(outputs.device).expand(len(outputs), *y.shape[1:])
        if self._task == "regression" or self._squared:
            target = y if self._task == "regression" else one_hot(y, self._classes).to(outputs.dtype)
            errors = (outputs - target) ** 2
            each = errors.mean(-1)
            return each / each.shape[1] if each.ndim == 2 else each[:, None]
        weights = None if self._weights is None else self._weights.to(outputs.device)
        losses = cross_entropy(
            outputs.flatten(0, -2), y.flatten(), weights, reduction="none", label_smoothing=self._smoothing
        ).reshape(len(outputs), -1)
        return losses / losses.shape[1]


@dataclass(frozen=True, eq=False)
class PassBack:
    """What one pass forward and back has left. `direct` is the gradient of the loss by the outputs of a module's top layer, a
    part for each direction: (T, R)."""

    terms: NDArray[np.float64]  # (S,), of the loss
    read: dict[nn.RNNBase, Tensor]
    direct: dict[nn.RNNBase, list[NDArray[np.float64]]]
    weights_norm: float


def loss_parts(terms: int, steps: int) -> tuple[LossSteps, ...]:
    """At most MOST_PARTS, fewer where the sequence is long; their sizes differ by one at most."""
    count = max(1, min(terms, MOST_PARTS, MOST_CELLS // steps))
    borders = [number * terms // count for number in range(count + 1)]
    return tuple(LossSteps(start, stop) for start, stop in pairwise(borders))


def pass_back(model: nn.Module, wanted: list[nn.RNNBase], data: Dataset, sample: int, judge: SampleLoss) -> PassBack:
    import torch

    made: dict[nn.RNNBase, tuple[Tensor, Tensor]] = {}

    def keep(module: nn.Module, _: Any, output: Any) -> None:
        made[cast("nn.RNNBase", module)] = ends = output[0], _hidden(output)
        for end in ends:
            if not end.requires_grad:  # of a network whose weights are not trained
                end.requires_grad_()

    x, y = _sample(model, data, sample)
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    with torch.enable_grad(), _plain(x), inputs_of(wanted) as read, ExitStack() as hooks:
        for module in wanted:
            hooks.callback(module.register_forward_hook(keep).remove)
        terms = judge.terms(model(x), y)[0]
        ends = [tensor for module in wanted for tensor in made[module]]
        gradients: Sequence[Tensor | None] = torch.autograd.grad(terms.sum(), [*ends, *weights], allow_unused=True)
    own, others = gradients[: len(ends)], [one for one in gradients[len(ends) :] if one is not None]
    direct = {}
    for number, module in enumerate(wanted):
        by_sequence, by_hidden = own[2 * number : 2 * number + 2]
        if by_sequence is not None or by_hidden is not None:
            given = _by_direction(module, *made[module], by_sequence, by_hidden)
            direct[module] = [one[0] for one in given]
    lengths = [float(torch.linalg.vector_norm(one.cpu(), dtype=torch.float64)) for one in others]
    return PassBack(_doubles(terms), read, direct, float(np.linalg.norm(lengths)) if lengths else 0.0)


def split_by_part(
    model: nn.Module,
    rnn: nn.RNNBase,
    place: Path,
    ran: PassBack,
    parts: tuple[LossSteps, ...],
    judge: SampleLoss,
    data: Dataset,
    sample: int,
) -> list[At]:
    """The direct gradients of each part, by the module's directions.

    Where all that follows works on each time step by itself, the loss of a step comes from the output of that step alone. If
    not, the network runs once for many parts: on a batch of copies of the sample, of which each is asked for another part."""
    steps = len(ran.read[rnn])
    if len(parts) == 1:
        return [in_one_part(one) for one in ran.direct[rnn]]
    if len(ran.terms) == steps and _by_step_after(model, place):
        part_of = np.repeat(np.arange(len(parts)), [part.stop - part.start for part in parts])
        return [_one_a_step(one, part_of) for one in ran.direct[rnn]]
    size = sum(one.shape[1] for one in ran.direct[rnn])
    at_once = max(1, COPIED // (steps * size))
    blocks = [
        _copies(model, rnn, parts[start : start + at_once], judge, data, sample) for start in range(0, len(parts), at_once)
    ]
    return [_dense([block[number] for block in blocks]) for number in range(len(ran.direct[rnn]))]


def in_one_part(direct: NDArray[np.float64]) -> At:
    return lambda t: [(0, direct[t : t + 1])]


# --- inside


def _copies(
    model: nn.Module, rnn: nn.RNNBase, parts: tuple[LossSteps, ...], judge: SampleLoss, data: Dataset, sample: int
) -> list[NDArray[np.float64]]:
    """The direct gradients of some parts, (P, T, R) for each direction."""
    import torch

    leaves: list[Tensor] = []

    def one_is_enough(_: nn.Module, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        return (inputs[0][:1],)

    def copied(_: nn.Module, __: Any, output: Any) -> Any:
        sequence, hidden = output[0].detach(), _hidden(output).detach()
        leaves[:] = (
            sequence.expand(len(parts), -1, -1).clone().requires_grad_(),
            hidden.expand(-1, len(parts), -1).clone().requires_grad_(),
        )
        return leaves[0], (leaves[1], leaves[1]) if isinstance(output[1], tuple) else leaves[1]

    x, y = _sample(model, data, sample)
    with torch.enable_grad(), _plain(x), ExitStack() as hooks:
        hooks.callback(rnn.register_forward_pre_hook(one_is_enough).remove)
        hooks.callback(rnn.register_forward_hook(copied).remove)
        terms = judge.terms(model(x.expand(len(parts), *x.shape[1:])), y)
        asked = torch.zeros_like(terms)
        for number, part in enumerate(parts):
            asked[number, part.start : part.stop] = 1
        by_sequence, by_hidden = torch.autograd.grad((terms * asked).sum(), leaves, allow_unused=True)
    return _by_direction(rnn, leaves[0], leaves[1], by_sequence, by_hidden)


def _by_direction(
    rnn: nn.RNNBase, sequence: Tensor, hidden: Tensor, by_sequence: Tensor | None, by_hidden: Tensor | None
) -> list[NDArray[np.float64]]:
    """The gradients (N, T, R) of the top layer's directions: by the outputs at all steps, and by the last state of each
    direction, which is its output at its last step."""
    outputs = np.zeros(sequence.shape) if by_sequence is None else _doubles(by_sequence)
    found = np.split(outputs, 1 + rnn.bidirectional, axis=2)
    if by_hidden is not None:
        for one, last in zip(found, _doubles(by_hidden)[-len(found) :], strict=True):
            one[:, 0 if one is found[-1] and rnn.bidirectional else -1] += last
    return found


def _hidden(output: Any) -> Tensor:
    """The last hidden states that a module has put beside its outputs."""
    state = output[1]
    return cast("Tensor", state[0] if isinstance(state, tuple) else state)


def _one_a_step(direct: NDArray[np.float64], part_of: NDArray[np.int64]) -> At:
    return lambda t: [(int(part_of[t]), direct[t : t + 1])]


def _dense(blocks: list[NDArray[np.float64]]) -> At:
    """Parts that have something to say at step t: the range from the first to the last of them."""
    every = np.concatenate(blocks)
    says = np.asarray(every.any(2))

    def at(t: int) -> list[tuple[int, NDArray[np.float64]]]:
        (those,) = np.nonzero(says[:, t])
        return [(int(those[0]), every[those[0] : those[-1] + 1, t])] if len(those) else []

    return at


def _by_step_after(model: nn.Module, place: Path) -> bool:
    """Whether all that follows the layer at `place` in the network works on each time step by itself."""
    from torch import nn

    children = list(cast(nn.Sequential, model))
    return len(place) == 1 and all(map(_is_by_step, children[int(place[0]) + 1 :]))


def _is_by_step(module: nn.Module) -> bool:
    from torch import nn

    match module:
        case nn.Sequential():
            return all(map(_is_by_step, module))
        case nn.LayerNorm():
            return len(module.normalized_shape) == 1
        case nn.Softmax():
            return module.dim in (-1, 2)
        case nn.Linear() | nn.Dropout() | nn.Identity():
            return True
        case _:  # on every number by itself; in evaluation mode a normalisation with the numbers that it has learned
            elementwise = nn.ReLU, nn.ReLU6, nn.LeakyReLU, nn.GELU, nn.Sigmoid, nn.Tanh, nn.BatchNorm1d
            return isinstance(module, elementwise)


def _sample(model: nn.Module, data: Dataset, sample: int) -> tuple[Tensor, Tensor]:
    number = sample % len(data.x_validation)
    return data.x_validation[number : number + 1].to(device_of(model)), data.y_validation[number : number + 1]


def _plain(x: Tensor) -> AbstractContextManager[object]:
    """cuDNN's recurrent layers have no gradients in evaluation mode."""
    import torch

    return torch.backends.cudnn.flags(enabled=False) if x.device.type == "cuda" else nullcontext()


def _doubles(values: Tensor) -> NDArray[np.float64]:
    return np.asarray(values.detach().cpu().double().numpy())
