"""How an output cell is computed: its terms, its names, and torch's own number.

Pure; the numbers are those of `engine.cells.arithmetic`. Called by the two lines under the scene, by the dialog of all terms
and by the backward view.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from engine.cells.arithmetic import OutputCell, Term, agrees
from engine.layers.kinds.pooling import AveragePooling, MaxPooling, Pooling
from engine.passes.feature_maps import activated
from gui.labs.convolution.subject import Subject


@dataclass(frozen=True, eq=False)
class Account:
    """How cell (`row`, `column`) of a subject's map is computed. `source` is the input channel that the scene shows, counted
    within the group. `torch` is torch's number before the activation, None until it has come. `other` is the cell's total with
    the flipped filter; None where that is the same."""

    subject: Subject
    cell: OutputCell
    row: int
    column: int
    source: int
    has_bias: bool
    torch: np.float32 | None
    other: Decimal | None = None

    @property
    def channels(self) -> tuple[str, ...]:
        """The names of the input channels of the group."""
        return self.subject.names

    @property
    def largest(self) -> bool:
        return isinstance(self.subject.layer, MaxPooling)

    @property
    def mean(self) -> bool:
        return isinstance(self.subject.layer, AveragePooling)

    @property
    def pools(self) -> bool:
        return isinstance(self.subject.layer, Pooling)

    @property
    def activation(self) -> str:
        return self.subject.activation

    @property
    def after_activation(self) -> float:
        """The cell of the activation map, in double precision."""
        return float(activated(np.array([float(self.cell.total)]), self.activation)[0])

    def terms(self, number: int) -> Sequence[Term]:
        """The terms of one input channel, counted within the group."""
        count = len(self.cell.terms) // len(self.channels)
        return self.cell.terms[number * count : (number + 1) * count]

    def verdict(self) -> tuple[bool, Decimal]:
        """Whether torch's number agrees with the cell, and the difference. torch's number must have come."""
        assert self.torch is not None
        return agrees(self.cell, self.torch)
