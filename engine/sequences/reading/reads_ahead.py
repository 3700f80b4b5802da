"""Whether a network's answer at a time step depends on what comes after that step: then it has read what it is asked for.

Measured on the network itself, so that it holds for whatever its layers are: a backward direction, a convolution that is padded
at both ends. Called by the probes of forecasts and texts. torch is imported when a model is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor, nn

LEAST = 1e-5  # of the largest answer: less is the rounding of a sum in another order


def reads_ahead(model: nn.Module, x: Tensor, tokens: int = 0) -> bool:
    """`x` is one sequence, (1, T, F) numbers or (1, T) of `tokens` different ones; the model is in evaluation mode. Every step
    of the second half is exchanged for another value: answers to the first half move only where they have read it. A network
    that does not answer at every step reads no answer ahead."""
    import torch

    steps = x.shape[1]
    cut = steps // 2
    if cut == 0 or (tokens == 1 and not x.is_floating_point()):
        return False
    other = x.clone()
    other[:, cut:] = (x[:, cut:] + 1) % tokens if tokens else x[:, cut:] + 1
    with torch.no_grad():
        answers: list[Any] = [model(each) for each in (x, other)]
    if any(answer.ndim != 3 or answer.shape[1] != steps for answer in answers):
        return False
    before, after = (answer[:, :cut].double() for answer in answers)
    apart = float((before - after).abs().max())
    return apart > LEAST * float(before.abs().max())  # of numbers that are not finite nothing is known
