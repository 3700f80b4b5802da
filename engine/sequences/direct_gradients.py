"""One pass of a sample forward and back, with every recurrent layer opened up: the gradients of the loss by the layers'
outputs, each part of the loss by itself, and the length of the gradient by all weights.

In the place of each recurrent module its opened states are handed on, as the ends of the graph that torch's autograd sees:
what lies between the recurrent layers is torch's, the way back through time is `engine.sequences.sent_back`'s, of all of them
in turn, the last one first. So nothing hangs on what the fused functions can (cuDNN has no gradients in evaluation mode), and
the way back costs a fraction of theirs. Importing this imports no torch. Called by `engine.sequences.through_time`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from engine.data.info import LossName
from engine.networks.trace import Path
from engine.passes.layer_values import ACTIVATIONS
from engine.passes.one_sample import device_of, one_sample
from engine.sequences.opened import OpenedDirection, opened
from engine.sequences.reading.module_places import recurrent_layers
from engine.sequences.sent_back import At, StateGradients, sent_back, weight_gradients

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
    It is the loss that `engine.training.recipe.objective` has for a batch of this sample."""

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


@dataclass(eq=False)
class OpenedModule:
    """A recurrent module as it was run: its directions; what it read, as torch's graph has it; its outputs (N, T, directions
    × R) and last states of the top layer (directions, N, R), where the graph ends; and the gradient of the loss by them, (T,
    R) for each direction of the top layer. None: the layer takes no part in the answer."""

    rnn: nn.RNNBase
    directions: tuple[OpenedDirection, ...]
    read: Tensor
    ends: tuple[Tensor, Tensor]
    direct: list[NDArray[np.float64]] | None = None


@dataclass(frozen=True, eq=False)
class PassBack:
    """What one pass has left. `modules` are in the order in which they were run; `gradients` are those of the whole loss by all
    states of a module, by (layer, backward)."""

    terms: NDArray[np.float64]  # (S,), of the loss
    modules: tuple[OpenedModule, ...]
    gradients: dict[nn.RNNBase, dict[tuple[int, bool], StateGradients]]
    weights_norm: float


def loss_parts(terms: int, steps: int) -> tuple[LossSteps, ...]:
    """At most MOST_PARTS, fewer where the sequence is long; their sizes differ by one at most."""
    count = max(1, min(terms, MOST_PARTS, MOST_CELLS // steps))
    borders = [number * terms // count for number in range(count + 1)]
    return tuple(LossSteps(start, stop) for start, stop in pairwise(borders))


def pass_back(model: nn.Module, data: Dataset, sample: int, judge: SampleLoss, truncated_steps: int | None = None) -> PassBack:
    import torch

    recurrent = [rnn for _, rnn in recurrent_layers(model)]
    inside = {id(weight) for rnn in recurrent for weight in rnn.parameters()}
    x, y = _sample(model, data, sample)
    modules: list[OpenedModule] = []
    gradients: dict[nn.RNNBase, dict[tuple[int, bool], StateGradients]] = {}
    squares = 0.0
    with torch.enable_grad():
        with ExitStack() as stack:
            for rnn in recurrent:
                stack.enter_context(_instead(rnn, lambda read, rnn=rnn: _open(rnn, read, modules)))  # type: ignore[misc]
            terms = judge.terms(model(x), y)[0]
        weights = [weight for weight in model.parameters() if weight.requires_grad and id(weight) not in inside]
        ends = [end for module in modules for end in module.ends]
        gathered = _Gathered([*ends, *weights])
        gathered.add(terms.sum())
        for module in reversed(modules):
            module.direct = _by_direction(module, *gathered.of(module.ends))
            if module.direct is None:
                continue
            whole = [in_one_part(one) for one in module.direct]
            found = sent_back(module.directions, whole, 1, lambda _: True, truncated_steps=truncated_steps)
            gradients[module.rnn] = found
            read = np.zeros(module.directions[0].x.shape)
            trained = any(weight.requires_grad for weight in module.rnn.parameters())
            for one in module.directions:
                by_weights, by_reading = weight_gradients(one, found[one.layer, one.backward])
                squares += trained * sum(float(np.vdot(each, each)) for each in by_weights)
                read += by_reading if one.layer == 0 else 0.0
            gathered.add(module.read, torch.from_numpy(read)[None].to(module.read))
    for each in gathered.of(weights):
        if each is not None:
            squares += float(torch.linalg.vector_norm(each.cpu(), dtype=torch.float64)) ** 2
    return PassBack(_doubles(terms), tuple(modules), gradients, sqrt(squares))


def split_by_part(
    model: nn.Module,
    place: Path,
    module: OpenedModule,
    parts: tuple[LossSteps, ...],
    terms: int,
    judge: SampleLoss,
    data: Dataset,
    sample: int,
) -> list[At]:
    """The direct gradients of each part, by the directions of the module's top layer.

    Where all that follows works on each time step by itself, the loss of a step comes from the output of that step alone. If
    not, the network runs once for many parts: on a batch of copies of the sample, of which each is asked for another part."""
    assert module.direct is not None
    steps = module.directions[0].steps
    if len(parts) == 1:
        return [in_one_part(one) for one in module.direct]
    if terms == steps and _by_step_after(model, place):
        part_of = np.repeat(np.arange(len(parts)), [part.stop - part.start for part in parts])
        return [_one_a_step(one, part_of) for one in module.direct]
    at_once = max(1, COPIED // (steps * sum(one.shape[1] for one in module.direct)))
    blocks = [
        _copies(model, module, parts[start : start + at_once], judge, data, sample) for start in range(0, len(parts), at_once)
    ]
    return [_dense([block[number] for block in blocks]) for number in range(len(module.direct))]


def in_one_part(direct: NDArray[np.float64]) -> At:
    return lambda t: [(0, direct[t : t + 1])]


# --- inside


class _Gathered:
    """The gradients by some tensors of a graph, added up over several ways back through it."""

    def __init__(self, tensors: list[Tensor]) -> None:
        self._tensors = tensors
        self._sums: dict[int, Tensor] = {}  # by id; the tensors live as long as this

    def add(self, end: Tensor, gradient: Tensor | None = None) -> None:
        import torch

        if not end.requires_grad or not self._tensors:
            return
        found: Sequence[Tensor | None] = torch.autograd.grad(end, self._tensors, gradient, retain_graph=True, allow_unused=True)
        for tensor, each in zip(self._tensors, found, strict=True):
            if each is not None:
                before = self._sums.get(id(tensor))
                self._sums[id(tensor)] = each if before is None else before + each

    def of(self, tensors: Sequence[Tensor]) -> list[Tensor | None]:
        return [self._sums.get(id(tensor)) for tensor in tensors]


@contextmanager
def _instead(rnn: nn.RNNBase, run: Callable[[Tensor], Any]) -> Iterator[None]:
    """While it is entered, `run` answers in the place of the module."""
    rnn.forward = lambda read, state=None: run(read)
    try:
        yield
    finally:
        del rnn.forward


def _open(rnn: nn.RNNBase, read: Tensor, modules: list[OpenedModule]) -> Any:
    directions = opened(rnn, read[0])
    ends = _ends(rnn, directions, 1, read)
    modules.append(OpenedModule(rnn, directions, read, ends))
    return _answer(rnn, ends)


def _ends(rnn: nn.RNNBase, directions: tuple[OpenedDirection, ...], copies: int, like: Tensor) -> tuple[Tensor, Tensor]:
    """The outputs and last states of the top layer, as leaves of a graph."""
    import torch

    top = directions[-(1 + rnn.bidirectional) :]
    sequence = np.concatenate([one.arrays["h"] for one in top], 1)
    hidden = np.stack([one.arrays["h"][0 if one.backward else -1] for one in top])
    return (
        torch.from_numpy(sequence).to(like).expand(copies, -1, -1).clone().requires_grad_(),
        torch.from_numpy(hidden).to(like)[:, None].expand(-1, copies, -1).clone().requires_grad_(),
    )


def _answer(rnn: nn.RNNBase, ends: tuple[Tensor, Tensor]) -> Any:
    """As the module answers; nobody asks for its last cell states."""
    return ends[0], (ends[1], ends[1]) if rnn.mode == "LSTM" else ends[1]


def _copies(
    model: nn.Module, module: OpenedModule, parts: tuple[LossSteps, ...], judge: SampleLoss, data: Dataset, sample: int
) -> list[NDArray[np.float64]]:
    """The direct gradients of some parts, (P, T, R) for each direction."""
    import torch

    x, y = _sample(model, data, sample)
    ends = _ends(module.rnn, module.directions, len(parts), module.read)
    with torch.enable_grad(), _plain(x), _instead(module.rnn, lambda _: _answer(module.rnn, ends)):
        terms = judge.terms(model(x.expand(len(parts), *x.shape[1:])), y)
        asked = torch.zeros_like(terms)
        for number, part in enumerate(parts):
            asked[number, part.start : part.stop] = 1
        by_sequence, by_hidden = torch.autograd.grad((terms * asked).sum(), ends, allow_unused=True)
    return _split_directions(module, by_sequence, by_hidden, len(parts))


def _by_direction(
    module: OpenedModule, by_sequence: Tensor | None, by_hidden: Tensor | None
) -> list[NDArray[np.float64]] | None:
    if by_sequence is None and by_hidden is None:
        return None
    return [one[0] for one in _split_directions(module, by_sequence, by_hidden, 1)]


def _split_directions(
    module: OpenedModule, by_sequence: Tensor | None, by_hidden: Tensor | None, copies: int
) -> list[NDArray[np.float64]]:
    """The gradients (N, T, R) of the top layer's directions: by the outputs at all steps, and by the last state of each
    direction, which is its output at its last step."""
    outputs = np.zeros((copies, *module.ends[0].shape[1:])) if by_sequence is None else _doubles(by_sequence)
    top = module.directions[-(1 + module.rnn.bidirectional) :]
    found = np.split(outputs, len(top), axis=2)
    if by_hidden is not None:
        for one, given, last in zip(top, found, _doubles(by_hidden), strict=True):
            given[:, 0 if one.backward else -1] += last
    return found


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
            return isinstance(module, nn.BatchNorm1d) or type(module).__name__ in {kind.__name__ for kind in ACTIVATIONS}


def _sample(model: nn.Module, data: Dataset, sample: int) -> tuple[Tensor, Tensor]:
    asked = one_sample(data, sample)
    return asked.x.to(device_of(model)), asked.y


def _plain(x: Tensor) -> AbstractContextManager[object]:
    """cuDNN's recurrent layers have no gradients in evaluation mode."""
    import torch

    return torch.backends.cudnn.flags(enabled=False) if x.device.type == "cuda" else nullcontext()


def _doubles(values: Tensor) -> NDArray[np.float64]:
    return np.array(values.detach().cpu().double().numpy())
