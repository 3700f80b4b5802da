"""The trace of a network: one row for each layer, up to the first Problem, which says where it is.

`trace` is a pure function of frozen descriptions. The screen compares old and new rows and updates those that differ.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from math import prod
from typing import Any, NamedTuple, TypeAlias

import msgspec

from engine.fields import validated
from engine.layers.base import FLOAT32_BYTES, Layer, Reach, Refusal, Shape
from engine.layers.catalog import AnyLayer
from engine.layers.kinds.composite import Branch, Composite, every, require_shallow
from engine.networks.positions import Jump, Whereabouts, joined
from engine.toml_text import key
from engine.toml_values import explained
from engine.words import Phrase, readable, say

MOST_CELLS = 2**63 - 1  # of a layer's output: the most that torch can count
REMEMBERED = 4_096  # pairs of a layer and an input shape


Path: TypeAlias = tuple[int | str, ...]  # to a layer: see `Problem`


class Problem(msgspec.Struct, frozen=True):
    """Why a network cannot be built, and where. `where` is the path to the layer: (2,) is the third layer, (2, "main", 0) the
    first layer of the third one's main branch, (2, "branches", 1, 0) the first of its second branch; () is the input itself.
    `code` is one of assets/words/problems.toml, `values` fill its sentence; "field" among them names the field at fault."""

    where: Path
    code: str
    values: dict[str, Any]

    @property
    def index(self) -> int:
        """The number of the top-level layer at fault, or that holds it; -1 if the input itself is at fault."""
        return int(self.where[0]) if self.where else -1


class Row(msgspec.Struct, frozen=True):
    """One layer with its numbers. A composite's row holds the totals of what is inside it."""

    index: int
    type: str
    input: Shape
    output: Shape
    parameters: int
    macs: int
    receptive_field: tuple[int, ...] | None  # cells of the network's input that one unit sees, per axis; None: no position
    jump: tuple[Jump, ...] | None  # distance between the fields of neighbouring units, in input cells
    start: tuple[float, ...] | None  # centre of the first unit's field, in input cells (0 is the first cell's centre)
    inside: tuple[tuple[str, tuple[Row, ...]], ...] = ()  # a composite's branches by name: main, shortcut, branches[0]
    unseen: int = 0  # numbers that are computed and not handed on: the states of a recurrent layer before the last one

    @property
    def memory(self) -> int:
        """Bytes of what the layer computes for one sample, as float32: its output, and what it does not hand on. A composite
        counts every output inside it, and its own output if it joins several branches; that of one branch is the output of the
        branch's last layer."""
        within = sum(row.memory for _, rows in self.inside for row in rows)
        return within if len(self.inside) == 1 else within + FLOAT32_BYTES * (prod(self.output) + self.unseen)


class Trace(msgspec.Struct, frozen=True):
    """The rows up to the first problem, and the totals of those rows."""

    input: Shape
    rows: tuple[Row, ...]
    problem: Problem | None = None

    @property
    def output(self) -> Shape:
        return self.rows[-1].output if self.rows else self.input

    @property
    def parameters(self) -> int:
        return sum(row.parameters for row in self.rows)

    @property
    def macs(self) -> int:
        return sum(row.macs for row in self.rows)

    @property
    def memory(self) -> int:
        """Activation memory: bytes of what all layers compute for one sample, as float32."""
        return sum(row.memory for row in self.rows)


def trace(layers: Sequence[AnyLayer], input: Shape, *, tokens: bool | None = None) -> Trace:  # noqa: A002
    """The rows of all layers for an input of shape `input` (without the batch). Never raises for values that a user can set.

    `tokens`: whether the input is integers. None: they are if the first layer that does not just return its input reads tokens.
    """
    shape, rows = tuple(input), list[Row]()
    try:
        signal = _arriving(layers, shape, tokens)
        for index, layer in enumerate(layers):
            row, signal = _row(_checked(layer, index), signal, (index,))
            rows.append(row)
    except _RefusedError as refused:
        return Trace(shape, tuple(rows), refused.problem)
    return Trace(shape, tuple(rows))


def message(problem: Problem, language: str = "en") -> str:
    """The problem as a sentence."""
    values = {name: value if isinstance(value, Phrase) else readable(value) for name, value in problem.values.items()}
    return say("problems", problem.code, language, **values)


class _Signal(NamedTuple):
    """What the trace knows of a layer's input."""

    shape: Shape
    tokens: bool
    position: Whereabouts | None


class _RefusedError(Exception):
    def __init__(self, where: Path, code: str, values: dict[str, Any]) -> None:
        super().__init__(code)
        self.problem = Problem(where, code, values)


def _arriving(layers: Sequence[Layer], shape: Shape, tokens: bool | None) -> _Signal:
    if not shape or any(type(size) is not int or size < 1 for size in shape):
        raise _RefusedError((), "input_not_a_shape", {"shape": shape})
    tokens = bool(_wants_tokens(layers)) if tokens is None else tokens
    axes = 0 if tokens else len(shape) - 1
    return _Signal(shape, tokens, Whereabouts.of_input(axes))


def _wants_tokens(layers: Sequence[Layer]) -> bool | None:
    """Whether the first layer that does not just return its input reads tokens; None if all return it."""
    plain = (layer for layer in every(layers) if not isinstance(layer, Composite))
    return next((layer.reads_tokens for layer in plain if not layer.keeps_tokens), None)


def _checked(layer: AnyLayer, index: int) -> AnyLayer:
    """`layer`, validated: a struct's own constructor accepts any value."""
    try:
        require_shallow(layer)
        return validated(layer)
    except Refusal as refusal:
        raise _RefusedError((index,), refusal.code, refusal.values) from None
    except msgspec.ValidationError as error:
        inside, field = _place(str(error))
        detail = explained(error, msgspec.to_builtins(layer), type(layer), key).phrase
        raise _RefusedError((index, *inside), "not_allowed", {"field": field, "detail": detail}) from None


def _place(error: str) -> tuple[tuple[int | str, ...], str]:
    """The layer and the field that a ValidationError names: "... `$.main[0].stride[1]`" -> ("main", 0), "stride"."""
    path = error.rpartition("`$")[2]
    parts = [int(part) if part.isdecimal() else part for part in re.findall(r"\w+", path)]
    last = max((place for place, part in enumerate(parts) if isinstance(part, str)), default=-1)
    return (tuple(parts[:last]), str(parts[last])) if last >= 0 else ((), "")


def _row(layer: Layer, signal: _Signal, where: Path) -> tuple[Row, _Signal]:
    try:
        if isinstance(layer, Composite):
            return _composite_row(layer, signal, where)
        return _plain_row(layer, signal, int(where[-1]))
    except Refusal as refusal:
        raise _RefusedError(where, refusal.code, refusal.values) from None


def _plain_row(layer: Layer, signal: _Signal, index: int) -> tuple[Row, _Signal]:
    shape, tokens, position = signal
    name = type(layer).__name__
    if tokens and not (layer.reads_tokens or layer.keeps_tokens):
        raise Refusal("tokens_not_embedded", layer=name)
    if layer.reads_tokens and not tokens:
        raise Refusal("not_tokens", layer=name)
    output, parameters, macs, unseen, reach = _figures(layer, shape)
    position = position and position.through(reach)
    after = _Signal(output, tokens and layer.keeps_tokens, position)
    return _numbers(index, layer, shape, after, parameters, macs, unseen=unseen), after


@lru_cache(maxsize=REMEMBERED)
def _figures(layer: Layer, shape: Shape) -> tuple[Shape, int, int, int, Reach]:
    """Output shape, parameters, MACs, unseen numbers and reach of one layer. After an edit those of all other layers are in
    the cache. `layer` must be validated: 1, 1.0 and True are equal, and only one of them is valid."""
    output = layer.output_shape(shape)
    if prod(output) > MOST_CELLS:
        raise Refusal("too_many_cells", layer=type(layer).__name__, output=output)
    return output, layer.parameters(shape), layer.macs(shape), layer.unseen(shape), layer.reach(shape)


def _composite_row(layer: Composite, signal: _Signal, where: Path) -> tuple[Row, _Signal]:
    inside, ends = [], []
    for branch in layer.branches_in_order():
        rows, end = _branch_rows(branch, signal, where)
        inside.append((branch.name, rows))
        ends.append(end)
    if len(ends) > 1 and any(end.tokens for end in ends):
        raise Refusal("tokens_not_embedded", layer=type(layer).__name__)
    output = layer.join([end.shape for end in ends])
    after = _Signal(output, ends[0].tokens, joined([end.position for end in ends]))
    everything = [row for _, rows in inside for row in rows]
    parameters, macs = sum(row.parameters for row in everything), sum(row.macs for row in everything)
    return _numbers(int(where[-1]), layer, signal.shape, after, parameters, macs, tuple(inside)), after


def _branch_rows(branch: Branch, signal: _Signal, where: Path) -> tuple[tuple[Row, ...], _Signal]:
    rows = []
    for index, layer in enumerate(branch.layers):
        row, signal = _row(layer, signal, (*where, *branch.path, index))
        rows.append(row)
    return tuple(rows), signal


def _numbers(
    index: int,
    layer: Layer,
    before: Shape,
    after: _Signal,
    parameters: int,
    macs: int,
    inside: tuple[tuple[str, tuple[Row, ...]], ...] = (),
    unseen: int = 0,
) -> Row:
    position = after.position
    field, jump, start = (None, None, None) if position is None else position.numbers
    return Row(index, type(layer).__name__, before, after.shape, parameters, macs, field, jump, start, inside, unseen)
