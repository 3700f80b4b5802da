"""Lines over positions that have names: a value of a setting each, as in a sweep.

Called by the training lab's queue.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QFontMetricsF

from gui.plots.lines import LinePlot, PlotLine
from gui.plots.numbers.ranges import Range, Tick
from gui.shell.theme import font

APART_PX = 12.0  # between two names


class NamedLines(LinePlot):
    """A line plot whose positions 1, 2, 3, ... are called `names`; as many names stand below it as have room."""

    def __init__(self) -> None:
        self._names: tuple[str, ...] = ()  # read while the plot is made
        super().__init__()

    def set_named(self, names: Sequence[str], lines: Sequence[PlotLine], *, up: Range | None = None) -> None:
        """Show `lines`, which have a value for each of `names`, or none."""
        self._names = tuple(names)
        self.set_lines(lines, up=up, tip=self._said)

    def set_figures(self, across: Sequence[Tick], up: Sequence[Tick], *, grid_up: bool = False) -> None:
        measure = QFontMetricsF(font(11))
        widest = max((measure.horizontalAdvance(name) for name in self._names), default=0.0) + APART_PX
        count = len(self._names)
        most = max(int(self.area.width() / max(widest, 1.0)), 1)
        stride = max(1, -(-count // most))
        super().set_figures([(number + 1.0, self._names[number]) for number in range(0, count, stride)], up, grid_up=grid_up)

    def columns(self) -> dict[str, list[object]]:
        table = super().columns()
        if table:
            table["position"] = [*self._names]
        return table

    def _said(self, position: int) -> str:
        return f"{self._names[position - 1]}\n{self._told(position)}" if position <= len(self._names) else ""
