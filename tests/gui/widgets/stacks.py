"""Networks as the rows of a stack, for the tests of the widgets that show them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from engine.layers.base import Layer, Shape
from engine.layers.catalog import (
    AdaptiveAvgPool2d,
    AnyLayer,
    BatchNorm2d,
    Concat,
    Conv2d,
    Flatten,
    Linear,
    MaxPool2d,
    ReLU,
    Residual,
    Sequential,
)
from engine.layers.kinds.composite import Composite
from engine.networks.trace import Path, Row, message, trace
from gui.widgets.stack.stack_rows import StackRow


def rows_of(
    layers: Sequence[AnyLayer],
    shape: Shape,
    *,
    folded: Collection[Path] = (),
    disabled: Collection[Path] = (),
    repairs: tuple[tuple[str, str], ...] = (),
) -> tuple[StackRow, ...]:
    """What a network lab would show of `layers`: bars of parameters, a problem at the row where it is."""
    found = trace(layers, shape)
    total = max(1, found.parameters)

    def walk(inner: Sequence[Layer], rows: Sequence[Row], path: Path, depth: int) -> Iterator[StackRow]:
        for number, layer in enumerate(inner):
            row = rows[number] if number < len(rows) else None
            here: Path = (*path, number)
            opens = isinstance(layer, Composite)
            wrong = found.problem is not None and found.problem.where == here
            yield StackRow(
                here,
                depth,
                text_of(layer),
                row.output if row else None,
                row.parameters if row else None,
                row.macs if row else None,
                4 * _cells(row.output) if row else None,
                row.parameters / total if row else 0.0,
                message(found.problem) if found.problem is not None and wrong else "",
                repairs if wrong else (),
                here in disabled,
                opens,
                here in folded,
            )
            if isinstance(layer, Composite) and here not in folded:
                branches = layer.branches_in_order()
                for branch in branches:
                    below = (*here, *branch.path)
                    if not isinstance(layer, Sequential):
                        yield StackRow(below, depth + 1, "")
                    known = dict(row.inside)[branch.name] if row else ()
                    yield from walk(branch.layers, known, below, depth + 1)

    return (StackRow((), 0, "Input", shape), *walk(layers, found.rows, (), 0))


def text_of(layer: Layer) -> str:
    sizes = [getattr(layer, name) for name in ("out_channels", "out_features", "kernel_size") if hasattr(layer, name)]
    return " ".join([type(layer).__name__, ", ".join(str(size) for size in sizes)]).strip()


def _cells(shape: Shape) -> int:
    cells = 1
    for size in shape:
        cells *= size
    return cells


def block(channels: int, stride: int = 1) -> Residual:
    """A basic block of ResNet."""
    shortcut = (Conv2d(out_channels=channels, kernel_size=1, stride=stride, bias=False),) if stride > 1 else ()
    main = (
        Conv2d(out_channels=channels, kernel_size=3, stride=stride, padding=1, bias=False),
        BatchNorm2d(),
        ReLU(),
        Conv2d(out_channels=channels, kernel_size=3, padding=1, bias=False),
        BatchNorm2d(),
    )
    return Residual(main=main, shortcut=shortcut)


BRANCHED = (
    Conv2d(out_channels=16, kernel_size=3, padding=1),
    Sequential(layers=(block(16), ReLU(), block(32, 2), ReLU())),
    Concat(branches=((Conv2d(out_channels=8, kernel_size=1),), (MaxPool2d(kernel_size=3, stride=1, padding=1), ReLU()))),
    AdaptiveAvgPool2d(output_size=1),
    Flatten(),
    Linear(out_features=10),
)
BROKEN = (
    Conv2d(out_channels=6, kernel_size=5, padding=2),
    MaxPool2d(kernel_size=4),
    Conv2d(out_channels=16, kernel_size=9),
    ReLU(),
    Linear(out_features=10),
)
DEEP = tuple(layer for _ in range(75) for layer in (Conv2d(out_channels=8, kernel_size=3, padding=1), ReLU()))
