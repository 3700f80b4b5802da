"""Many small plots of one kind in rows, one axis upwards for all: histograms, or lines over a course.

What rises above the axis is cut off and has its value written beside it. Called by the foundations lab's boards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QKeyEvent, QMouseEvent, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsSimpleTextItem, QToolTip, QWidget

from engine.figures import measured
from gui.plots.look import bars_path, curve_pen, line_path, pen_of
from gui.plots.matrices.cell_keys import STRIDES, walked
from gui.plots.numbers.ranges import Range, Tick
from gui.plots.numbers.reduction import Outline
from gui.plots.plot import Plot
from gui.shell.theme import font, theme

PanelValues = npt.NDArray[np.float64]
GAP_PX, HEAD_PX, FOOT_PX = 22.0, 19.0, 6.0  # between panels, above one for its title, below one
TWO_LINES_PX = 33.0  # above one with a note
TEXT_PX = 11
BAR_ROOM_PX = 4.0  # from which on bars stand apart


class PanelLine(NamedTuple):
    """A line of a panel. `colour` is the number of a curve's, `dashed` with the dashes of that number."""

    name: str
    x: PanelValues
    y: PanelValues
    colour: int = 0
    dashed: int = 0


@dataclass(frozen=True, eq=False)
class PlotPanel:
    """One of the small plots: `title` and `note` stand above it, `x` is its axis across. Bars are `heights` (n,) between
    `edges` (n + 1,); `lines` lie above them."""

    title: str
    x: Range
    note: str = ""
    edges: PanelValues | None = None
    heights: PanelValues | None = None
    lines: tuple[PanelLine, ...] = ()


class SmallMultiples(Plot):
    """`set_panels` shows panels, `per_row` in a row. The value under the pointer is told in a tooltip; a click or
    the arrow keys choose a panel."""

    panel_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panels: tuple[PlotPanel, ...] = ()
        self._per_row = 1
        self._up: Range = (0.0, 1.0)
        self._up_figures: Sequence[Tick] = ()
        self._across: Callable[[PlotPanel], Sequence[Tick]] = _ends
        self._written: Callable[[float], str] = measured
        self._colour = 0
        self._chosen: int | None = None
        self._frames, self._frame, self._bars = QGraphicsPathItem(), QGraphicsPathItem(), QGraphicsPathItem()
        for item, depth in ((self._bars, 1), (self._frames, 0), (self._frame, 50)):
            item.setZValue(depth)
            self.add_item(item)
        self._lines: dict[tuple[int, int], QGraphicsPathItem] = {}
        self._texts: list[QGraphicsSimpleTextItem] = []
        self.margins = (52.0, 2.0, 8.0, 34.0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.restyle()

    def set_panels(
        self,
        panels: Sequence[PlotPanel],
        *,
        per_row: int,
        up: Range,
        up_figures: Sequence[Tick],
        across: Callable[[PlotPanel], Sequence[Tick]] | None = None,
        written: Callable[[float], str] = measured,
        colour: int = 0,
        chosen: int | None = None,
    ) -> None:
        """Show `panels`. `up` is the axis upwards of all, with its figures; `across` gives the figures below a panel of the
        last row, left out the ends of its axis; `written` says how a height is written; `colour` is that of the bars."""
        self._panels, self._per_row = tuple(panels), max(per_row, 1)
        self._up, self._up_figures, self._across = up, up_figures, across or _ends
        self._written, self._colour, self._chosen = written, colour, chosen
        self.describe("; ".join(f"{panel.title} {panel.note}".strip() for panel in panels))
        if self._bars.brush() != QBrush(theme().curves[colour]):
            self._bars.setBrush(theme().curves[colour])
        self.draw()

    @property
    def panels(self) -> tuple[PlotPanel, ...]:
        return self._panels

    @property
    def chosen(self) -> int | None:
        """The number of the panel with a frame."""
        return self._chosen

    @property
    def up(self) -> Range:
        return self._up

    def columns(self) -> dict[str, list[object]]:
        table: dict[str, list[object]] = {}
        if any(panel.lines for panel in self._panels):
            rows = [
                (panel.title, line.name, x, y)
                for panel in self._panels
                for line in panel.lines
                for x, y in zip(line.x.tolist(), line.y.tolist(), strict=True)
            ]
            table = {name: [row[at] for row in rows] for at, name in enumerate(("panel", "line", "x", "y"))}
        elif self._panels:
            bars = [
                (panel.title, low, high, height)
                for panel in self._panels
                if panel.edges is not None and panel.heights is not None
                for low, high, height in zip(
                    panel.edges[:-1].tolist(), panel.edges[1:].tolist(), panel.heights.tolist(), strict=True
                )
            ]
            table = {name: [row[at] for row in bars] for at, name in enumerate(("panel", "from", "to", "height"))}
        return table

    # --- places

    @property
    def rows(self) -> int:
        return max(-(-len(self._panels) // self._per_row), 1)

    def _inner(self, number: int) -> tuple[float, float, float, float]:
        """Left, right, bottom and top of a panel's own axes, in those of the whole plot."""
        row, column = divmod(number, self._per_row)
        across, up = self.pixel
        head = TWO_LINES_PX if any(panel.note for panel in self._panels) else HEAD_PX
        bottom = self.rows - row - 1 + FOOT_PX * up
        return (
            column + GAP_PX / 2 * across,
            column + 1 - GAP_PX / 2 * across,
            bottom,
            max(self.rows - row - head * up, bottom + up),
        )

    def panel_at(self, point: QPoint | QPointF) -> int | None:
        """The number of the panel at a pixel of the widget."""
        if not self.area.contains(QPointF(point)):
            return None
        x, y = self.place_at(point)
        number = min(int(self.rows - y), self.rows - 1) * self._per_row + min(int(x), self._per_row - 1)
        return number if number < len(self._panels) else None

    def panel_area(self, number: int) -> QRectF:
        """Where a panel's axes are, in pixels of the widget."""
        left, right, bottom, top = self._inner(number)
        return QRectF(self.point_of(left, top), self.point_of(right, bottom))

    # --- drawing

    def draw(self) -> None:
        self.set_limits((0.0, float(self._per_row)), (0.0, float(self.rows)))
        frames, frame, bars = QPainterPath(), QPainterPath(), QPainterPath()
        lines: dict[tuple[int, int], QPainterPath] = {}
        texts: list[tuple[str, float, float, float, bool]] = []  # and the pixels of its middle or left end, its room; muted
        across = list[Tick]()
        for number, panel in enumerate(self._panels):
            left, right, bottom, top = self._inner(number)
            room = QRectF(left, bottom, right - left, top - bottom)
            (frame if number == self._chosen else frames).addRect(room)
            scale = (right - left) / (panel.x[1] - panel.x[0])
            tall = (top - bottom) / (self._up[1] - self._up[0])
            if panel.edges is not None and panel.heights is not None:
                bars.addPath(self._bars_of(panel, left, bottom, scale, tall))
                texts += self._cut_off(number, panel)
            for line in panel.lines:
                path = lines.setdefault((line.colour, line.dashed), QPainterPath())
                path.addPath(self._line_of(line, panel, left, bottom, scale, tall))
            area = self.panel_area(number)
            head = TWO_LINES_PX if panel.note else HEAD_PX
            texts.append((panel.title, area.left(), area.top() - head + 2, area.width() + GAP_PX, False))
            if panel.note:
                texts.append((panel.note, area.left(), area.top() - head + 16, area.width() + GAP_PX, True))
            if number // self._per_row == self.rows - 1:
                across += [(left + (at - panel.x[0]) * scale, text) for at, text in self._across(panel)]
        self._frames.setPath(frames)
        self._frame.setPath(frame)
        self._bars.setPath(bars)
        self._show_lines(lines)
        self._write(texts)
        self.set_figures(across, self._figures_up())
        self.grid.hide()

    def _figures_up(self) -> list[Tick]:
        found = list[Tick]()
        for row in range(self.rows):
            _, _, bottom, top = self._inner(row * self._per_row)
            scale = (top - bottom) / (self._up[1] - self._up[0])
            found += [(bottom + (at - self._up[0]) * scale, text) for at, text in self._up_figures]
        return found

    def _bars_of(self, panel: PlotPanel, left: float, bottom: float, scale: float, tall: float) -> QPainterPath:
        assert panel.edges is not None and panel.heights is not None
        there = panel.heights > 0
        begin = left + (panel.edges[:-1][there] - panel.x[0]) * scale
        end = left + (panel.edges[1:][there] - panel.x[0]) * scale
        apart = float(end[0] - begin[0]) if len(begin) else 0.0
        if apart > BAR_ROOM_PX * self.pixel[0]:
            end = end - self.pixel[0]
        heights = np.minimum(panel.heights[there], self._up[1]) * tall
        return bars_path(begin, end, np.full(len(begin), bottom), bottom + heights)

    def _cut_off(self, number: int, panel: PlotPanel) -> list[tuple[str, float, float, float, bool]]:
        """The heights of the bars that rise above the axis, at their heads."""
        assert panel.edges is not None and panel.heights is not None
        area, found = self.panel_area(number), list[tuple[str, float, float, float, bool]]()
        for place in np.flatnonzero(panel.heights > self._up[1] * (1 + 1e-9)).tolist()[:2]:
            middle = float(panel.edges[place] + panel.edges[place + 1]) / 2
            at = area.left() + (middle - panel.x[0]) / (panel.x[1] - panel.x[0]) * area.width()
            found.append((f"↑{self._written(float(panel.heights[place]))}", at + 8, area.top() + 2, 60.0, True))
        return found

    def _line_of(
        self, line: PanelLine, panel: PlotPanel, left: float, bottom: float, scale: float, tall: float
    ) -> QPainterPath:
        there = np.isfinite(line.y)
        x = left + (line.x[there] - panel.x[0]) * scale
        y = bottom + (np.clip(line.y[there], *self._up) - self._up[0]) * tall
        joined = np.ones(len(line.y), bool)
        joined[:-1] = there[1:]
        return line_path(Outline(x, y, joined[there])) if len(x) else QPainterPath()

    def _show_lines(self, paths: dict[tuple[int, int], QPainterPath]) -> None:
        for key in paths.keys() - self._lines.keys():
            item = self._lines[key] = QGraphicsPathItem()
            item.setZValue(2 - key[1])
            item.setPen(curve_pen(key[0], dashed=key[1]))
            self.add_item(item)
        for key, item in self._lines.items():
            item.setPath(paths.get(key, QPainterPath()))

    def _write(self, texts: Sequence[tuple[str, float, float, float, bool]]) -> None:
        whole = self.centralWidget  # type: ignore[attr-defined]
        while len(self._texts) < len(texts):
            self._texts.append(item := QGraphicsSimpleTextItem(whole))
            item.setFont(font(TEXT_PX))
        whole_px, inks = self.width(), (QBrush(theme().text), QBrush(theme().muted))
        for item, (text, left, top, room, muted) in zip(self._texts, texts, strict=False):
            if item.text() != text:
                item.setText(text)
            wide = item.boundingRect().width()
            item.setPos(round(min(left, max(whole_px - wide - 2, 0))), round(top))
            if item.brush() != inks[muted]:
                item.setBrush(inks[muted])
            item.setVisible(wide <= room or len(self._panels) == 1)
        for item in self._texts[len(texts) :]:
            item.hide()

    def written_texts(self) -> list[str]:
        """The texts beside and above the panels that there is room for."""
        return [item.text() for item in self._texts if item.isVisible()]

    def restyle(self) -> None:
        self._bars.setPen(QPen(Qt.PenStyle.NoPen))
        self._bars.setBrush(theme().curves[self._colour])
        self._frames.setPen(pen_of(theme().line))
        self._frame.setPen(pen_of(theme().accent))
        for (colour, dashed), item in self._lines.items():
            item.setPen(curve_pen(colour, dashed=dashed))
        super().restyle()

    # --- what is under the pointer

    def told(self, number: int, share: float) -> str:
        """What there is in a panel at a place, 0 being the left end of its axis and 1 the right one."""
        panel = self._panels[number]
        at = panel.x[0] + min(max(share, 0.0), 1.0) * (panel.x[1] - panel.x[0])
        lines = [f"{panel.title} {panel.note}".strip()]
        if panel.edges is not None and panel.heights is not None:
            place = min(max(int(np.searchsorted(panel.edges, at, "right")) - 1, 0), len(panel.heights) - 1)
            low, high = measured(float(panel.edges[place]), 3), measured(float(panel.edges[place + 1]), 3)
            lines.append(f"{low} … {high}: {self._written(float(panel.heights[place]))}")
        for line in panel.lines:
            if len(line.x):
                nearest = int(np.abs(line.x - at).argmin())
                where, value = measured(float(line.x[nearest])), self._written(float(line.y[nearest]))
                lines.append(f"{line.name} ({where}): {value}")
        return "\n".join(lines)

    def moved(self, event: QMouseEvent) -> None:
        number = self.panel_at(event.position())
        if number is None:
            QToolTip.hideText()
            return
        area = self.panel_area(number)
        share = (event.position().x() - area.left()) / max(area.width(), 1.0)
        QToolTip.showText(event.globalPosition().toPoint(), self.told(number, share), self)

    def left_alone(self) -> None:
        QToolTip.hideText()

    def pressed(self, event: QMouseEvent) -> None:
        number = self.panel_at(event.position())
        if number is not None and event.button() == Qt.MouseButton.LeftButton:
            self.panel_chosen.emit(number)

    def keys(self) -> frozenset[int]:
        return super().keys() | frozenset(STRIDES)

    def key(self, event: QKeyEvent) -> bool:
        if not self._panels:
            return False
        here = None if self._chosen is None else divmod(self._chosen, self._per_row)
        cell = walked(here, event.key(), self.rows, self._per_row)
        if cell is None:
            return False
        number = min(cell[0] * self._per_row + cell[1], len(self._panels) - 1)
        if number != self._chosen:
            self.panel_chosen.emit(number)
        return True


def _ends(panel: PlotPanel) -> Sequence[Tick]:
    return [(at, measured(at, 2)) for at in panel.x]
