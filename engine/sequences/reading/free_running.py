"""A network read step by step, with its state carried on, so that it can read what it has said itself.

Called by `engine.sequences.forecast` and `engine.sequences.text_sampling`. Importing this imports torch.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.layers.catalog import KINDS
from engine.layers.kinds.activation import Pointwise, Softmax
from engine.passes.modules import PaddedConv1d, Permuted, ReadOut, Sum
from engine.words import Phrase

# modules that treat each number, or each time step, by itself: a sequence in pieces goes through them as it does in one
_POINTWISE: tuple[type[nn.Module], ...] = tuple(
    getattr(nn, name) for name, kind in KINDS.items() if issubclass(kind, Pointwise) and kind is not Softmax
)
_STEPWISE = (*_POINTWISE, nn.Linear, nn.Embedding, nn.LayerNorm)
_SWAP = (0, 2, 1)  # (N, T, F) to (N, F, T) and back
TABLE = "sequence_answers"


def why_not(model: nn.Module) -> Phrase | None:
    """Why the network cannot read its own answers, or None. It can where each layer reads one step after the other, forwards,
    and every step has an answer: recurrent layers of one direction, causal convolutions, layers without a memory."""
    swapped = False
    for module in _in_order(model):
        match module:
            case Permuted() if tuple(module.dims) == _SWAP:
                swapped = not swapped
            case ReadOut() if module.rnn.bidirectional:
                return Phrase(TABLE, "reads_the_future")
            case ReadOut() if module.output == "last":
                return Phrase(TABLE, "last_state_only")
            case ReadOut() if not swapped:
                pass
            case Sum() if not swapped:
                if (why := why_not(module.main) or why_not(module.shortcut)) is not None:
                    return why
            case PaddedConv1d() if swapped and _is_causal(module):
                pass
            case nn.Softmax() if not swapped and module.dim in (-1, 2):
                pass
            case _ if isinstance(module, _POINTWISE if swapped else _STEPWISE):
                pass
            case _:
                return Phrase(TABLE, "not_step_by_step", {"layer": type(module).__name__.removeprefix("Padded")})
    return Phrase(TABLE, "not_step_by_step", {"layer": "Permute"}) if swapped else None


def _in_order(model: nn.Module) -> list[nn.Module]:
    if isinstance(model, nn.Sequential):
        return [inside for part in model for inside in _in_order(part)]
    return [model]


def _is_causal(module: PaddedConv1d) -> bool:
    """Whether time step t reads the steps up to t only, those before the first one as zeros."""
    reach = module.dilation[0] * (module.kernel_size[0] - 1)
    return isinstance(module.pad, nn.ZeroPad1d) and module.stride[0] == 1 and tuple(module.pad.padding) == (reach, 0)


class StepByStep:
    """Reads pieces of a sequence, one after the other; each goes on from where the one before has ended. The model must be in
    evaluation mode, and `why_not` must have nothing against it."""

    def __init__(self, model: nn.Module) -> None:
        self._model = model
        self._states: dict[nn.Module, Any] = {}  # of recurrent layers; the last inputs of convolutions

    def read(self, x: Tensor) -> Tensor:
        """The answers for the time steps of `x`: series (N, T, F) or tokens (N, T)."""
        with torch.no_grad():
            return self._through(self._model, x)

    def _through(self, module: nn.Module, x: Tensor) -> Tensor:
        match module:
            case nn.Sequential():
                for part in module:
                    x = self._through(part, x)
                return x
            case Sum():
                return self._through(module.main, x) + self._through(module.shortcut, x)
            case ReadOut():
                sequence, self._states[module] = module.rnn(x, self._states.get(module))
                found: Tensor = sequence
                return found
            case PaddedConv1d():
                reach = module.dilation[0] * (module.kernel_size[0] - 1)
                before = self._states.get(module, x.new_zeros(*x.shape[:2], reach))
                x = torch.cat([before, x], dim=2)
                self._states[module] = x[:, :, x.shape[2] - reach :]
                return functional.conv1d(x, module.weight, module.bias, dilation=module.dilation, groups=module.groups)
            case _:
                answer: Tensor = module(x)
                return answer
