"""The assignment that courses set: a network's table with blanks, "fill in the output shapes and the parameters of AlexNet".

The answers come from the trace. `is_right` accepts an answer in any usual notation; `mistake` says what is likely wrong with
one that is not right. No torch. Called by the network lab."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import prod
from typing import Any, Literal, NamedTuple, TypeAlias

from engine.fields import edited
from engine.layers.base import Layer, Refusal, Shape
from engine.layers.kinds.composite import Composite
from engine.layers.kinds.convolution import Convolution
from engine.layers.kinds.dense import Linear
from engine.layers.kinds.embedding import Embedding
from engine.layers.kinds.filtering import Filtering
from engine.layers.kinds.normalization import BatchNormalization
from engine.layers.kinds.pooling import Adaptive, Pooling
from engine.layers.kinds.recurrent import Recurrent
from engine.networks.axis_meaning import LETTERS, Meaning, after, meanings
from engine.networks.trace import Path, Row, Trace

AskedColumn: TypeAlias = Literal["output", "parameters"]
MOST_ANSWER_LETTERS = 60  # a longer answer is not read
_SIZES = re.compile(r"\d+(?:[,_]\d{3})*|\d+")
_SHAPE = re.compile(r"[\s\d×xX*,()\[\]]+")
_COMMA = re.compile(r"(?<=\d),(?=\d{3}\b)")  # of thousands


class TableLine(NamedTuple):
    """A line of the table: a layer with its row and the meaning of its output's axes, or the heading of a `branch` (its name,
    or its number from 0), `level` blocks deep."""

    level: int
    layer: Layer | None = None
    row: Row | None = None
    branch: str | int = ""
    axes: Meaning = ()

    @property
    def of_maps(self) -> bool:
        """Whether the output is maps with their channels first: courses write their channels last too, or leave them out."""
        return len(self.axes) > 2 and self.axes[0] == "channels"

    @property
    def asks(self) -> Row | None:
        """The row whose numbers may be asked for; None for a composite and for the heading of a branch."""
        return None if isinstance(self.layer, Composite) else self.row


class Blank(NamedTuple):
    """A cell of the table to fill in: the number of its line, and its column."""

    line: int
    column: AskedColumn


class Mistake(NamedTuple):
    """A code of assets/words/assignment.toml, and the values in its sentence."""

    code: str
    values: dict[str, object]


def lines(layers: Sequence[Layer], trace: Trace) -> tuple[TableLine, ...]:
    """The network's lines: after a block the lines of the layers inside it, branch by branch."""
    return tuple(_lines(layers, trace.rows, 0, (), meanings(layers, trace.input)))


def _lines(
    layers: Sequence[Layer], rows: Sequence[Row], level: int, here: Path, known: dict[Path, Meaning]
) -> Iterator[TableLine]:
    for index, (layer, row) in enumerate(zip(layers, rows, strict=False)):
        path = (*here, index)
        yield TableLine(level, layer, row, axes=() if isinstance(layer, Composite) else after(layer, known[path]))
        if isinstance(layer, Composite):
            branches = layer.branches_in_order()
            for branch, (_, inside) in zip(branches, row.inside, strict=True):
                if len(branches) > 1:
                    yield TableLine(level + 1, branch=branch.path[-1])
                yield from _lines(branch.layers, inside, level + 1, (*path, *branch.path), known)


def blanks(table: Sequence[TableLine], columns: Sequence[AskedColumn] = ("output", "parameters")) -> tuple[Blank, ...]:
    """The cells to ask for, line by line: output shapes that differ from the layer's input, and numbers of parameters above
    0."""
    return tuple(_blanks(table, columns))


def _blanks(table: Sequence[TableLine], columns: Sequence[AskedColumn]) -> Iterator[Blank]:
    for number, line in enumerate(table):
        row = line.asks
        if row is None:
            continue
        asked = {"output": row.output != row.input, "parameters": row.parameters > 0}
        yield from (Blank(number, column) for column in columns if asked[column])


def answer(table: Sequence[TableLine], blank: Blank) -> Shape | int:
    """The right answer."""
    found: Shape | int = getattr(table[blank.line].row, blank.column)
    return found


def is_right(table: Sequence[TableLine], blank: Blank, written: str) -> bool:
    """Whether a learner's answer is right. A shape may be written 64x55x55, 64 × 55 × 55, (64, 55, 55) or [64,55,55]; that of
    maps with the channels last as in many courses (55x55x64), or without the channels (55x55). The order of all other axes is
    part of the answer: 10x100 is no sequence of 100 steps with 10 features. A number, and a vector's size, may have commas
    of thousands."""
    wanted = answer(table, blank)
    if isinstance(wanted, int):
        return _number(written) == wanted
    if len(wanted) == 1 and (size := _number(written)) is not None:
        return size == wanted[0]
    spelled = {wanted}
    if table[blank.line].of_maps:
        spelled |= {(*wanted[1:], wanted[0])} | ({wanted[1:]} if len(wanted) == 3 else set())
    return _sizes(written) in spelled


def _number(written: str) -> int | None:
    text = written.strip()
    return int(re.sub("[,_]", "", text)) if len(text) <= MOST_ANSWER_LETTERS and _SIZES.fullmatch(text) else None


def _sizes(written: str) -> tuple[int, ...] | None:
    """The sizes of a shape in the written order; None if it is no shape."""
    if len(written) > MOST_ANSWER_LETTERS or not _SHAPE.fullmatch(written):
        return None
    text = _COMMA.sub("", written) if re.search("[xX×*]", written) else written  # else commas separate the sizes
    return tuple(int(part) for part in re.findall(r"\d+", text))


# --- what is likely wrong


def mistake(table: Sequence[TableLine], blank: Blank, written: str) -> Mistake | None:
    """The usual mistake that leads to an answer that is not right; None if no known mistake does."""
    line = table[blank.line]
    assert line.layer is not None and line.row is not None
    if blank.column != "output":
        number = _number(written)
        if number is None:
            return Mistake("no_number", {})
        usual = _wrong_numbers(line.layer, line.row)
        return next((Mistake(code, values) for code, wrong, values in usual if wrong == number), None)
    sizes = _sizes(written)
    if not sizes:
        return Mistake("no_shape", {})
    output = line.row.output
    spelled = _spellings(sizes, output) if line.of_maps else iter((sizes,))
    known = (_wrong_shape(line.layer, line.row, each, line.of_maps) for each in spelled)
    likely = next(filter(None, known), None)
    if sorted(sizes) != sorted(output) or (likely is not None and likely.code == "unchanged"):
        return likely
    letters = [LETTERS.get(axis, "") for axis in line.axes]
    if "" in letters or len(set(letters)) < len(letters):  # nothing says what the axes are
        return Mistake("order", {})
    return Mistake("order_of_axes", {"axes": f"({', '.join(letters)})"})


def _wrong_numbers(layer: Layer, row: Row) -> Iterator[tuple[str, int, dict[str, object]]]:
    """Each usual mistake: its code, the number of parameters that it leads to, and the values in its sentence."""
    if isinstance(layer, Filtering | Linear):
        other = edited(layer, bias=not layer.bias).parameters(row.input)
        forgotten = "no_bias_of_a_filter" if isinstance(layer, Filtering) else "no_bias_of_an_output"
        yield forgotten if layer.bias else "with_biases", other, {}
    if isinstance(layer, Filtering):
        area, inner = prod(layer.kernel), row.input[0] // layer.groups
        for bias in (0, 1):
            yield "one_channel", (area + bias) * layer.out_channels, {"channels": inner}
            yield "one_filter", area * inner + bias, {"filters": layer.out_channels}
        if layer.groups > 1:
            yield "no_groups", edited(layer, groups=1).parameters(row.input), {"groups": layer.groups}
    if isinstance(layer, BatchNormalization):
        yield "running", 2 * row.parameters, {}
    if isinstance(layer, Recurrent) and layer.bias:
        second = layer.directions * layer.GATES * layer.hidden_size * layer.num_layers
        yield "one_bias", row.parameters - second, {}
        yield "no_bias", row.parameters - 2 * second, {}
    if isinstance(layer, Embedding):
        yield "words", layer.num_embeddings, {}
    if row.macs:
        yield "macs", row.macs, {}


def _spellings(sizes: tuple[int, ...], wanted: Shape) -> Iterator[tuple[int, ...]]:
    """The shapes that may be meant: as written, with the channels added, with channels last."""
    yield sizes
    if len(wanted) == len(sizes) + 1 == 3:
        yield (wanted[0], *sizes)
    if len(wanted) == len(sizes) > 1:
        yield (sizes[-1], *sizes[:-1])


def _wrong_shape(layer: Layer, row: Row, sizes: tuple[int, ...], of_maps: bool) -> Mistake | None:
    wanted = row.output
    if sizes == row.input:
        return Mistake("unchanged", {})
    if of_maps and len(wanted) == len(sizes) + 1 == 3:
        return None  # the channels may be left out
    if len(sizes) != len(wanted):
        return Mistake("vector", {}) if len(wanted) == 1 else Mistake("axes", {"count": len(wanted)})
    if len(wanted) > 2 and sizes[1:] == wanted[1:]:
        keeps = isinstance(layer, Pooling | Adaptive)
        return Mistake("pool_channels", {}) if keeps else Mistake("channels", {}) if isinstance(layer, Filtering) else None
    if isinstance(layer, Convolution | Pooling) and sizes == (wanted[0], *_rounded_otherwise(layer, row.input)):
        return Mistake("rounded_down" if getattr(layer, "ceil_mode", False) else "rounded_up", {})
    for code, changes in (("no_padding", {"padding": 0}), ("no_stride", {"stride": 1})):
        if _output(layer, row.input, changes) == sizes:
            return Mistake(code, {})
    return None


def _rounded_otherwise(layer: Convolution | Pooling, shape: Shape) -> tuple[int, ...]:
    """The sizes along each axis with the other rounding: up instead of down, or down instead of up."""
    return tuple(slide._replace(ceil_mode=not slide.ceil_mode).outputs for slide in layer.slides(shape))


def _output(layer: Layer, shape: Shape, changes: dict[str, Any]) -> Shape | None:
    """The output's shape with changed fields; None if the layer has no such fields, or is not valid with them."""
    if not changes.keys() <= set(layer.__struct_fields__):
        return None
    try:
        return edited(layer, **changes).output_shape(shape)
    except (Refusal, ValueError):
        return None
