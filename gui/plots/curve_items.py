"""What draws one curve of a plot: its line, what lies behind and around it, dots, and marks where a value is missing.

Called by `gui.plots.curves`.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from gui.plots.look import FAINT, MarkShape, curve_pen, line_path, ribbon_path, shape_path
from gui.plots.numbers.curve_data import Drawn, Strand
from gui.plots.numbers.ranges import Range
from gui.plots.numbers.reduction import Integers, Missing, Outline
from gui.plots.plot import Plot
from gui.shell.theme import theme

DOTS = 40  # a curve of few points shows them
RIBBON = 0.18  # how much of its colour lies around a curve
_MARKS: dict[Missing, tuple[MarkShape, bool]] = {  # how what is missing is marked, and whether at the top
    "nan": ("cross", False),
    "above": ("up", True),
    "below": ("down", False),
    "not_positive": ("down", False),
}


class CurveItems:
    """What draws one curve."""

    def __init__(self, plot: Plot, strand: Strand, depth: int) -> None:
        self.strand = strand
        self._marked = False  # whether there are dots or crosses now
        self._shown: tuple[Drawn, object, object] | None = None
        self.behind, self.line, self.dots = QGraphicsPathItem(), QGraphicsPathItem(), QGraphicsPathItem()
        self.crosses, self.ribbon = QGraphicsPathItem(), QGraphicsPathItem()
        for item, height in ((self.ribbon, -40), (self.behind, 0), (self.line, 100), (self.dots, 200), (self.crosses, 200)):
            item.setZValue(height + depth)
            plot.add_item(item)
        self.restyle()

    def remove(self, plot: Plot) -> None:
        for item in (self.ribbon, self.behind, self.line, self.dots, self.crosses):
            plot.box.removeItem(item)

    def restyle(self) -> None:
        strand = self.strand
        within = QColor(theme().curves[strand.colour])
        within.setAlphaF(RIBBON)
        self.ribbon.setPen(QPen(Qt.PenStyle.NoPen))
        self.ribbon.setBrush(within)
        self.behind.setPen(curve_pen(strand.colour, opacity=FAINT))
        self.line.setPen(curve_pen(strand.colour, dashed=strand.dashed))
        self.crosses.setPen(curve_pen(strand.colour))
        self.dots.setPen(curve_pen(strand.colour))
        self.dots.setBrush(theme().curves[strand.colour])

    def show(self, found: Drawn, limits: tuple[Range, Range], pixel: tuple[float, float]) -> None:
        before, self._shown = self._shown, (found, limits, pixel)
        if before is not None and before[0] is found and before[1:] == (limits, pixel):
            return
        x_limits, (low, high) = limits
        if found.ribbon is not None or not self.ribbon.path().isEmpty():
            self.ribbon.setPath(QPainterPath() if found.ribbon is None else ribbon_path(*found.ribbon))
        line, behind = found.line, found.behind  # dots stand on these: the ends of a cut line were not measured
        self.line.setPath(line_path(line.within(*x_limits)))
        faint = QPainterPath() if behind is None else line_path(behind.within(*x_limits))
        if behind is not None and len(behind.alone):
            faint.addPath(_dots(behind, behind.alone, x_limits, pixel))
        self.behind.setPath(faint)
        crossed = QPainterPath()
        every = len(line) <= DOTS and not self.strand.smoothed
        dotted = _dots(line, np.arange(len(line)) if every else line.alone, x_limits, pixel)
        for kind, x in found.marks.items():
            shape, at_top = _MARKS[kind]
            path = shape_path(shape, x, np.array(high if at_top else low), pixel)
            (crossed if shape == "cross" else dotted).addPath(path)
        dotted.setFillRule(Qt.FillRule.WindingFill)
        marked = not (dotted.isEmpty() and crossed.isEmpty())
        if marked or self._marked:
            self._marked = marked
            self.dots.setPath(dotted)
            self.crosses.setPath(crossed)


def _dots(outline: Outline, chosen: Integers, limits: Range, pixel: tuple[float, float]) -> QPainterPath:
    if len(chosen) == 0:
        return QPainterPath()
    x, y = outline.x[chosen], outline.y[chosen]
    inside = (x >= limits[0]) & (x <= limits[1])
    return shape_path("dot", x[inside], y[inside], pixel)
