"""What the backward view has computed beside the window: torch's gradients of the part in view, and the exact sum of the cell
that is looked at. A weight of a large picture is a sum over its whole map: too much for the window's own thread.

An answer depends on its `Question` alone; one `Backpropagation` gives each `Answer` in the view's thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from engine.cells.backward import (
    Gradient,
    Upstream,
    UpstreamName,
    into_input,
    into_weight,
    upstream,
)
from engine.layers.kinds.pooling import Pooling
from engine.passes.layer_gradients import input_by_torch, weight_by_torch
from gui.labs.convolution.state import SceneGrid
from gui.labs.convolution.subject import Subject
from gui.widgets.grids.sheet import GridCell

CHEAP = 20_000  # numbers read for a sum: these take a millisecond


@dataclass(frozen=True, eq=False)
class Question:
    """`source` is an input channel, counted within the group; `rows` and `columns` are its cells in view. `part` and `cell`
    name a weight or an input cell of that channel; an output cell has no sum. `with_torch`: torch has been loaded."""

    subject: Subject
    upstream: UpstreamName
    source: int
    rows: range
    columns: range
    part: SceneGrid
    cell: GridCell
    with_torch: bool

    @property
    def place(self) -> tuple[object, ...]:
        """What the exact sum depends on."""
        return (id(self.subject), self.upstream, self.source, self.part, self.cell)

    @property
    def piece(self) -> tuple[object, ...]:
        """What torch's gradient of the input in view depends on."""
        return (id(self.subject), self.upstream, self.source, self.rows, self.columns)

    @property
    def filter(self) -> tuple[object, ...]:
        """What torch's gradient of the filter depends on."""
        return (id(self.subject), self.upstream)


@dataclass(frozen=True, eq=False)
class Answer:
    """torch's numbers are None before torch has been loaded; in pooling `weight_IHW` is None."""

    question: Question
    gradient: Gradient | None
    weight_IHW: NDArray[np.float32] | None
    input_HW: NDArray[np.float32] | None


def above(subject: Subject, name: UpstreamName) -> Upstream:
    """The gradient that comes from above."""
    return upstream(name, subject.layer, subject.values_CHW, subject.filters)


def exact_gradient(question: Question, from_above: Upstream) -> Gradient | None:
    """The exact sum of the cell that is asked for."""
    subject, cell = question.subject, question.cell
    layer, values = subject.layer, subject.values_CHW
    if question.part == "input":
        return into_input(layer, values, subject.filters, from_above, (subject.inputs[question.source], *cell))
    if question.part == "filter" and not isinstance(layer, Pooling):
        return into_weight(layer, values, from_above, subject.channel, (question.source, *cell))
    return None


def is_cheap(question: Question) -> bool:
    """Whether the window's own thread can add up the sum while the pointer moves."""
    subject = question.subject
    window = prod(subject.kernel)
    if question.part == "filter":
        cells = prod(subject.outputs)
        return cells * (1 if question.upstream != "output" else window * len(subject.inputs)) <= CHEAP
    reading = prod(-(-size // track.slide.stride) for size, track in zip(subject.kernel, subject.tracks, strict=True))
    if subject.transposed:
        reading = window
    if subject.pools:
        return reading * window <= CHEAP
    maps = subject.maps // subject.layer.groups  # type: ignore[union-attr]  # no pooling
    if question.upstream == "output":
        return reading * len(subject.inputs) * (window + maps) <= CHEAP
    return reading * maps <= CHEAP


class Backpropagation:
    """Called with one Question after the other, in a thread of its own. It keeps what the next question is likely to ask for
    again."""

    def __init__(self) -> None:
        self._prepared = False
        self._above: tuple[tuple[object, ...], Upstream] | None = None
        self._subject: Subject | None = None  # kept, so that its id is not given to another subject
        self._weight: tuple[tuple[object, ...], NDArray[np.float32] | None] | None = None
        self._input: tuple[tuple[object, ...], NDArray[np.float32]] | None = None

    def __call__(self, question: Question) -> Answer:
        self._subject = question.subject
        if self._above is None or self._above[0] != question.filter:
            self._above = (question.filter, above(question.subject, question.upstream))
        from_above = self._above[1]
        gradient = exact_gradient(question, from_above)
        if not question.with_torch:
            return Answer(question, gradient, None, None)
        self._prepare()
        subject, layer = question.subject, question.subject.layer
        if self._weight is None or self._weight[0] != question.filter:
            weight = None
            if not isinstance(layer, Pooling):
                assert subject.filters is not None
                weight = weight_by_torch(layer, subject.values_CHW, subject.filters, from_above, subject.channel)
            self._weight = (question.filter, weight)
        if self._input is None or self._input[0] != question.piece:
            piece = input_by_torch(
                layer,
                subject.values_CHW,
                subject.filters,
                from_above,
                subject.inputs[question.source],
                question.rows,
                question.columns,
            )
            self._input = (question.piece, piece)
        return Answer(question, gradient, self._weight[1], self._input[1])

    def _prepare(self) -> None:
        """Give torch one thread, as for the maps: several wait for each other longer than the computation takes."""
        if not self._prepared:
            import torch

            torch.set_num_threads(1)
            self._prepared = True
