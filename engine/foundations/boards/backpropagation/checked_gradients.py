"""Two sets of derivatives beside each other, number by number: those of a backward pass, and central differences.

What a gradient check finds, whatever it is of. Called by `two_layer_check` and `engine.passes.checked`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.layers.catalog import AnyLayer

SMALL = 0.1  # of a tensor's largest derivative: smaller ones are measured against this
INPUT = "input"  # the name of what a layer reads, beside those of its parameters

CheckNote: TypeAlias = Literal["", "kink", "ties", "tokens", "mask", "batch"]


class WorstEntry(NamedTuple):
    """The number whose two derivatives are furthest apart."""

    place: tuple[int, ...]
    numerical: float
    backward: float
    error: float


@dataclass(frozen=True, eq=False)
class CheckedTensor:
    """All derivatives by one tensor, twice. `layer` is whose it is, where it is a layer's."""

    layer: AnyLayer | None
    name: str
    numerical: NDArray[np.float64]
    backward: NDArray[np.float64]

    @property
    def errors(self) -> NDArray[np.float64]:
        return relative_errors(self.numerical, self.backward)

    @property
    def mean_difference(self) -> float:
        """The mean of |n - b|, as 『밑바닥부터 시작하는 딥러닝』 1 prints it (section 5.7.3)."""
        return float(np.abs(self.numerical - self.backward).mean())

    @cached_property
    def worst(self) -> WorstEntry:
        errors = self.errors
        flat = int(np.nan_to_num(errors, nan=np.inf).argmax())
        place = tuple(int(at) for at in np.unravel_index(flat, errors.shape))
        return WorstEntry(place, float(self.numerical[place]), float(self.backward[place]), float(errors[place]))


@dataclass(frozen=True, eq=False)
class CheckedGradients:
    """What was found of one kind of layer, or of one tensor of a network, and what is to be known about it."""

    name: str
    tensors: tuple[CheckedTensor, ...]
    notes: tuple[CheckNote, ...] = ()

    @property
    def derivatives(self) -> int:
        """How many derivatives there are."""
        return sum(tensor.backward.size for tensor in self.tensors)

    @cached_property
    def worst_tensor(self) -> CheckedTensor:
        return max(self.tensors, key=lambda tensor: np.nan_to_num(tensor.worst.error, nan=np.inf))


def relative_errors(numerical: NDArray[np.float64], backward: NDArray[np.float64]) -> NDArray[np.float64]:
    """|n - b| over the larger of |n| and |b|, number by number. Derivatives below a tenth of the tensor's largest are
    measured against that tenth: what rounding leaves of a difference does not get smaller with them. 0 where both are 0."""
    apart = np.abs(numerical - backward)
    size = np.maximum(np.abs(numerical), np.abs(backward))
    size = np.maximum(size, SMALL * size[np.isfinite(size)].max(initial=0.0))
    return np.asarray(np.divide(apart, size, out=np.zeros_like(apart), where=size != 0), np.float64)
