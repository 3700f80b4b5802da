"""torch modules from descriptions. Importing this imports torch; the numbers of a network need neither.

Initialisation is torch's own, drawn from the global CPU generator, which must be seeded before. Weights are named after the
layers' paths: "0.weight" is the first layer's, "2.main.0.weight" that of the first layer in the third layer's main branch,
"3.rnn.weight_ih_l0" a recurrent layer's.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, cast

import torch
from torch import Tensor, nn
from torch.nn.modules.pooling import _MaxPoolNd

from engine.layers.base import Layer, Shape
from engine.layers.catalog import AnyLayer, Concat, Residual, Sequential
from engine.layers.kinds.composite import Branch, Composite
from engine.layers.kinds.convolution import Convolution
from engine.layers.kinds.permute import Permute
from engine.layers.kinds.recurrent import Recurrent
from engine.networks.trace import Path, Problem, Row, message, trace

_HOOKS = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")  # of any torch module


class Refused(ValueError):  # noqa: N818  (as torch would say: the description cannot be built)
    """The network cannot be built; `problem` says why and where."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(message(problem))
        self.problem = problem


class Sum(nn.Module):
    """Residual: main path and shortcut, added. (N, *) -> (N, *)"""

    def __init__(self, main: nn.Module, shortcut: nn.Module) -> None:
        super().__init__()
        self.main = main
        self.shortcut = shortcut

    def forward(self, x: Tensor) -> Tensor:
        return cast(Tensor, self.main(x) + self.shortcut(x))


class SideBySide(nn.Module):
    """Concat: branches on the same input, their channels concatenated. (N, C, *) -> (N, sum of C, *)"""

    def __init__(self, branches: Sequence[nn.Module]) -> None:
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([branch(x) for branch in self.branches], dim=1)


class Permuted(nn.Module):
    """Permute: the axes in another order, as `torch.permute` numbers them, the batch first. The values are copied into their
    new order: torch takes axes that only look permuted for another layout, and chooses other kernels."""

    def __init__(self, dims: tuple[int, ...]) -> None:
        super().__init__()
        self.dims = dims

    def forward(self, x: Tensor) -> Tensor:
        return x.permute(self.dims).contiguous()


class PadFirst(nn.Module):
    """Mixed into a convolution: the input is padded by a padding layer first, whose sides may differ. The weights keep their
    names. (N, C, *) -> (N, O, *)"""

    def __init__(self, pad: nn.Module, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.pad = pad

    def forward(self, x: Tensor) -> Tensor:
        return cast(Tensor, super().forward(self.pad(x)))


class PaddedConv1d(PadFirst, nn.Conv1d):
    pass


class PaddedConv2d(PadFirst, nn.Conv2d):
    pass


class PaddedConv3d(PadFirst, nn.Conv3d):
    pass


PADDED = {1: PaddedConv1d, 2: PaddedConv2d, 3: PaddedConv3d}


class ReadOut(nn.Module):
    """A recurrent network with its output, x_NTF -> "sequence": NTR, all states of the top layer; "last": NR, its last state in
    each direction (the backward one ends at the first time step).

    `forget_bias`: the sum of an LSTM's two forget biases at the start; None: torch's own. `truncated_steps`: in training, the
    gradient goes back through so many time steps at most; None: through all of them."""

    def __init__(self, rnn: nn.RNNBase, output: Literal["last", "sequence"], forget_bias: float | None = None) -> None:
        super().__init__()
        self.rnn = rnn
        self.output = output
        self.forget_bias = forget_bias
        self.truncated_steps: int | None = None
        self.begin_forgetting()

    def begin_forgetting(self) -> None:
        """Set the forget gates' biases as `forget_bias` says: the whole of it is in the input's bias, and the state's is 0.
        Draws nothing. Called after weights have been drawn, which includes those biases."""
        if self.forget_bias is None:
            return
        forget = slice(self.rnn.hidden_size, 2 * self.rnn.hidden_size)  # of the gates i, f, g, o
        with torch.no_grad():
            for name, bias in self.rnn.named_parameters():
                if name.startswith("bias") and not bias.is_meta:
                    bias[forget] = self.forget_bias if name.startswith("bias_ih") else 0.0

    def _states(self, x_NTF: Tensor) -> tuple[Tensor, Any]:
        """The states of the top layer, and the last state. With truncation the sequence is read in pieces, the last of which is
        whole; the state goes from piece to piece without its gradient."""
        steps, piece = x_NTF.shape[1], self.truncated_steps
        if not self.training or piece is None or piece >= steps:
            return cast("tuple[Tensor, Any]", self.rnn(x_NTF))
        first = steps % piece or piece
        read, state = [], None
        for part in torch.split(x_NTF, [first, *[piece] * ((steps - first) // piece)], dim=1):
            if state is not None:
                state = tuple(each.detach() for each in state) if isinstance(state, tuple) else state.detach()
            sequence, state = self.rnn(part, state)
            read.append(sequence)
        return torch.cat(read, dim=1), state

    def forward(self, x_NTF: Tensor) -> Tensor:
        sequence_NTR, state = self._states(x_NTF)
        if self.output == "sequence":
            return sequence_NTR
        hidden = state[0] if isinstance(state, tuple) else state  # an LSTM has a cell state beside it
        top = hidden[-(1 + self.rnn.bidirectional) :]  # directions, N, R
        return cast(Tensor, top.transpose(0, 1).flatten(start_dim=1))


def build(layers: Sequence[AnyLayer], input: Shape, *, tokens: bool | None = None) -> nn.Sequential:  # noqa: A002
    """The network as a module, its children named "0", "1", ... in the order of the layers.

    `input` is a shape without the batch, `tokens` is as for `trace`. Raises Refused if the trace has a problem.
    """
    traced = trace(layers, input, tokens=tokens)
    if traced.problem is not None:
        raise Refused(traced.problem)
    _require_room(traced.parameters)
    return assemble(layers, traced.rows)


def _require_room(parameters: int) -> None:
    """Allocate the memory of all weights and free it, so that a network that is far too large fails at once, not after its
    first layers have filled the memory. Raises MemoryError or RuntimeError, as torch does."""
    if parameters > sys.maxsize // 4:
        raise MemoryError(f"{parameters:,} parameters")
    torch.empty(parameters, dtype=torch.float32)


def build_layer(layer: AnyLayer, shape: Shape) -> nn.Module:
    """The module of one layer for an input of `shape`. Raises Refused."""
    return build([layer], shape)[0]


def assemble(layers: Sequence[Layer], rows: Sequence[Row]) -> nn.Sequential:
    """As `build`, for layers whose rows are known, without a problem."""
    return nn.Sequential(*(_module(layer, row) for layer, row in zip(layers, rows, strict=True)))


def _module(layer: Layer, row: Row) -> nn.Module:
    match layer:
        case Sequential():
            return assemble(layer.layers, row.inside[0][1])
        case Residual():
            (_, main), (_, shortcut) = row.inside
            return Sum(assemble(layer.main, main), assemble(layer.shortcut, shortcut))
        case Concat():
            branches = zip(layer.branches, row.inside, strict=True)
            return SideBySide([assemble(inner, rows) for inner, (_, rows) in branches])
        case Permute():
            return Permuted(layer.dims)
        case Recurrent():
            return ReadOut(cast(nn.RNNBase, _torch(layer, row.input)), layer.output, getattr(layer, "forget_bias", None))
        case Convolution() if layer.padding_layer is not None:
            name, sides = layer.padding_layer
            return PADDED[layer.AXES](getattr(nn, name)(sides), **layer.arguments(row.input))
        case _:
            return _torch(layer, row.input)


def _torch(layer: Layer, shape: Shape) -> nn.Module:
    """The kind's namesake in torch.nn, with the description's arguments."""
    kind: Callable[..., nn.Module] = getattr(nn, type(layer).__name__)
    return kind(**layer.arguments(shape))


def truncate(model: nn.Module, steps: int | None) -> None:
    """Have the gradient go back through `steps` time steps at most in every recurrent layer; None: through all."""
    for module in model.modules():
        if isinstance(module, ReadOut):
            module.truncated_steps = steps


def lay_out(model: nn.Module) -> None:
    """Put the weights of 2-d convolutions in channels-last layout; their outputs are in it then too. Measured on one core: a
    step of the digits CNN takes 20 % less time, of LeNet-5 8 % less, of a single convolution with 64 maps of 28x28 5 to 10 %
    more."""
    for parameter in model.parameters():
        if parameter.dim() == 4:
            parameter.data = parameter.data.to(memory_format=torch.channels_last)


def forward_of(model: nn.Sequential) -> Callable[[Tensor], Tensor]:
    """What `model` computes, without torch's own look for hooks at each call of a layer, which is a fifth of the forward pass
    of a small network; and with a ReLU behind the max pooling that comes after it, on fewer numbers (a step of the digits CNN
    takes 7 % less time): the largest of a window is the same, and so is what is sent back through both, to the bit. While a
    hook is on `model` or on one of its layers, it is called as ever."""
    layers = [module.forward for module in _pooled_first(model)]
    hooks = [getattr(module, name) for module in (model, *model) for name in _HOOKS]

    def forward(x: Tensor) -> Tensor:
        if any(hooks):
            return cast(Tensor, model(x))
        for layer in layers:
            x = layer(x)
        return x

    return forward


def _pooled_first(model: nn.Sequential) -> list[nn.Module]:
    layers = list(model)
    for place in range(len(layers) - 1):
        before, after = layers[place : place + 2]
        if isinstance(before, nn.ReLU) and isinstance(after, _MaxPoolNd):
            layers[place : place + 2] = after, before
    return layers


def places(
    layers: Sequence[Layer], rows: Sequence[Row], chain: nn.Sequential, where: Path = ()
) -> Iterator[tuple[Path, Layer, Row, nn.Module]]:
    """Every layer with its path, row and module, in the order in which they are built: what is inside a composite before it."""
    for index, (layer, row, module) in enumerate(zip(layers, rows, chain, strict=True)):
        if isinstance(layer, Composite):
            for branch, (_, inside) in zip(layer.branches_in_order(), row.inside, strict=True):
                part = module if isinstance(layer, Sequential) else _inside(module, branch)
                yield from places(branch.layers, inside, cast(nn.Sequential, part), (*where, index, *branch.path))
        yield (*where, index), layer, row, module


def _inside(module: nn.Module, branch: Branch) -> nn.Module:
    for part in branch.path:
        module = cast(nn.ModuleList, module)[part] if isinstance(part, int) else getattr(module, part)
    return module
