"""A small network, drawn: its units in columns, each with what it answers over the whole plane or with today's numbers; its
weights as lines, red above 0 and blue below, the thicker the larger. The pointer reads every number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.colours import diverging
from engine.figures import measured
from engine.foundations.unit_functions import RealArray
from gui.labs.foundations.perceptron.unit_drawing import on_ground, weight_colour
from gui.shell.theme import font, restyle_when_seen, theme

NODE_PX, TEXT_NODE_PX, LEAST_PX, GAP_PX, TEXT_PX = 44.0, 50.0, 8.0, 5.0, 26.0
MOST_DRAWN = 16  # units of a column; of more, the first ones
EDGE_NEAR_PX = 5.0
THICKEST_PX = 4.0
STRENGTHS = 10  # of lines, of either sign
NUMBER_AT = 0.32  # of the way from unit to unit: lines that cross do so in the middle
THUMB = 25  # places of a thumbnail either way


class DrawnNode(NamedTuple):
    """A unit: its name, the numbers below it in the circle, how far it is lit (0 to 1); or what it answers over the plane, a
    (THUMB, THUMB) field from below, in the colours of signed numbers or of a class (`colour`)."""

    name: str
    lines: tuple[str, ...] = ()
    lit: float = 0.0
    field: RealArray | None = None
    colour: QColor | None = None


class DrawnNetwork(NamedTuple):
    """Columns of units; between two columns the weights (before, after); the biases of each column but the first.
    `has_numbers`: the weights are written on their lines, the biases below their units."""

    columns: tuple[tuple[DrawnNode, ...], ...]
    weights: tuple[RealArray, ...]
    biases: tuple[RealArray, ...]
    has_numbers: bool = False


class NetworkDrawing(QWidget):
    """`show_network` shows a DrawnNetwork. `unit_pointed` is (column, unit) under the pointer, or None."""

    unit_pointed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drawn: DrawnNetwork | None = None
        self._images: dict[tuple[int, int], tuple[NDArray[np.uint32], QImage]] = {}
        self._pointed: tuple[int, int] | None = None
        self._laid: tuple[float, list[list[QPointF]]] = LEAST_PX, []
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(220, 120)
        restyle_when_seen(self, self._recolour)

    def sizeHint(self) -> QSize:
        return QSize(380, 240)

    def show_network(self, drawn: DrawnNetwork) -> None:
        self.drawn = drawn
        self._lay_out()
        self._recolour()
        self.setAccessibleDescription(" – ".join(str(len(column)) for column in drawn.columns))

    def _recolour(self) -> None:
        signed, classes = list[tuple[int, int, DrawnNode]](), list[tuple[int, int, DrawnNode]]()
        for column, nodes in enumerate(self.drawn.columns if self.drawn is not None else ()):
            for row, node in enumerate(nodes[:MOST_DRAWN]):
                if node.field is not None:
                    (signed if node.colour is None else classes).append((column, row, node))
        self._images = {}
        for drawn in (signed, classes):
            if drawn:
                fields = np.stack([node.field for _, _, node in drawn if node.field is not None])
                images = _thumbnails(fields, [node.colour for _, _, node in drawn if node.colour is not None])
                self._images |= {(column, row): image for (column, row, _), image in zip(drawn, images, strict=True)}
        self.update()

    # --- places

    def shown(self, column: int) -> int:
        """How many units of a column are drawn."""
        return len(self._laid[1][column])

    def node_size(self) -> float:
        return self._laid[0]

    def place(self, column: int, row: int) -> QPointF:
        """The middle of a unit."""
        return self._laid[1][column][row]

    def _lay_out(self) -> None:
        """The size of a unit, and the places of all that are drawn."""
        columns = self.drawn.columns if self.drawn is not None else ()
        counts = [min(len(nodes), MOST_DRAWN) for nodes in columns]
        texts = any(node.lines for nodes in columns for node in nodes)
        apart = self.width() / max(len(counts), 1) * (0.5 if texts else 0.6)
        below = TEXT_PX if self.drawn is not None and self.drawn.has_numbers else GAP_PX
        size = min(TEXT_NODE_PX if texts else NODE_PX, (self.height() - 4) / max(counts, default=1) - below, apart)
        size = max(size, LEAST_PX)
        room, places = self.width() - size - 8, list[list[QPointF]]()
        for column, count in enumerate(counts):
            x = 4 + size / 2 + (room * column / (len(counts) - 1) if len(counts) > 1 else room / 2)
            each = min(self.height() / max(count, 1), 2.2 * size)
            places.append([QPointF(x, self.height() / 2 + (row - (count - 1) / 2) * each) for row in range(count)])
        self._laid = size, places

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def unit_at(self, at: QPointF) -> tuple[int, int] | None:
        if self.drawn is None:
            return None
        half = self.node_size() / 2 + 1
        for column in range(len(self.drawn.columns)):
            for row in range(self.shown(column)):
                offset = at - self.place(column, row)
                if abs(offset.x()) <= half and abs(offset.y()) <= half:
                    return column, row
        return None

    def edge_at(self, at: QPointF) -> tuple[int, int, int] | None:
        """(layer, from, to) of the line that is nearest to a pixel."""
        if self.drawn is None:
            return None
        best: tuple[float, tuple[int, int, int]] | None = None
        for layer in range(len(self.drawn.weights)):
            for source in range(self.shown(layer)):
                for target in range(self.shown(layer + 1)):
                    apart = _from_segment(at, self.place(layer, source), self.place(layer + 1, target))
                    if apart <= EDGE_NEAR_PX and (best is None or apart < best[0]):
                        best = apart, (layer, source, target)
        return None if best is None else best[1]

    def told_at(self, at: QPointF) -> str:
        """What the tooltip says of a place: a unit's name, numbers and bias, or a weight."""
        if self.drawn is None:
            return ""
        if (unit := self.unit_at(at)) is not None:
            column, row = unit
            node = self.drawn.columns[column][row]
            bias = [] if column == 0 else [f"b = {measured(float(self.drawn.biases[column - 1][row]))}"]
            return "\n".join([node.name, *node.lines, *bias])
        if (edge := self.edge_at(at)) is not None:
            layer, source, target = edge
            names = self.drawn.columns[layer][source].name, self.drawn.columns[layer + 1][target].name
            return f"{names[0]} → {names[1]}: w = {measured(float(self.drawn.weights[layer][source, target]))}"
        return ""

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.drawn is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for layer, weights in enumerate(self.drawn.weights):
            self._paint_edges(painter, layer, weights)
        if self.drawn.has_numbers:
            for layer, weights in enumerate(self.drawn.weights):
                self._paint_numbers(painter, layer, weights)
        for column, nodes in enumerate(self.drawn.columns):
            for row, node in enumerate(nodes[: self.shown(column)]):
                self._paint_node(painter, column, row, node)
                if column and self.drawn.has_numbers:
                    self._paint_bias(painter, self.place(column, row), float(self.drawn.biases[column - 1][row]))
            if len(nodes) > MOST_DRAWN:
                painter.setFont(font(11))
                painter.setPen(theme().muted)
                last = self.place(column, MOST_DRAWN - 1)
                under = QRectF(last.x() - 30, min(last.y() + self.node_size() / 2, self.height() - 15.0), 60, 15)
                painter.drawText(under, Qt.AlignmentFlag.AlignCenter, f"+{len(nodes) - MOST_DRAWN}")
        painter.end()

    def _paint_edges(self, painter: QPainter, layer: int, weights: RealArray) -> None:
        """The strongest above all others; lines of about one strength and sign at once."""
        sources, targets = self._laid[1][layer], self._laid[1][layer + 1]
        shown = weights[: len(sources), : len(targets)]
        shown = np.where(np.isfinite(shown), shown, 0.0)
        levels = np.rint(STRENGTHS * shown / float(np.abs(shown).max(initial=1e-9))).astype(np.int64).ravel().tolist()
        half = QPointF(self.node_size() / 2, 0)
        lines = [QLineF(begin + half, end - half) for begin in sources for end in targets]
        of_level: dict[int, list[QLineF]] = {}
        for level, line in zip(levels, lines, strict=True):
            of_level.setdefault(level, []).append(line)
        for level in sorted(of_level, key=abs):
            share = abs(level) / STRENGTHS
            painter.setPen(QPen(on_ground(weight_colour(level), 0.15 + 0.75 * share), 0.4 + (THICKEST_PX - 0.4) * share))
            painter.drawLines(of_level[level])

    def _paint_numbers(self, painter: QPainter, layer: int, weights: RealArray) -> None:
        painter.setFont(font(11))
        measure = painter.fontMetrics()
        for source in range(self.shown(layer)):
            for target in range(self.shown(layer + 1)):
                begin, end = self.place(layer, source), self.place(layer + 1, target)
                text = measured(float(weights[source, target]))
                box = QRectF(0, 0, measure.horizontalAdvance(text) + 6, measure.height())
                half = QPointF(self.node_size() / 2, 0)
                box.moveCenter(begin + half + (end - begin - half * 2) * NUMBER_AT)
                painter.fillRect(box, theme().panel)
                painter.setPen(theme().text)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_bias(self, painter: QPainter, at: QPointF, bias: float) -> None:
        """Below the unit."""
        painter.setFont(font(11))
        painter.setPen(theme().muted)
        room = QRectF(at.x() - 40, at.y() + self.node_size() / 2, 80, painter.fontMetrics().height())
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, f"b = {measured(bias)}")

    def _paint_node(self, painter: QPainter, column: int, row: int, node: DrawnNode) -> None:
        size, at = self.node_size(), self.place(column, row)
        box = QRectF(at.x() - size / 2, at.y() - size / 2, size, size)
        pointed = (column, row) == self._pointed
        painter.setPen(QPen(theme().accent if pointed else theme().muted, 2.0 if pointed else 1.0))
        image = self._images.get((column, row))
        if image is not None:
            painter.drawImage(box, image[1])
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box)
            return
        painter.setBrush(on_ground(theme().accent, 0.4 * min(max(node.lit, 0.0), 1.0)))
        painter.drawEllipse(box)
        painter.setFont(font(11))
        lines = [node.name, *node.lines]
        height = painter.fontMetrics().height() - 2
        for number, text in enumerate(lines):
            painter.setPen(theme().muted if number == 0 and node.lines else theme().text)
            line = QRectF(box.left() - 6, at.y() + (number - len(lines) / 2) * height, size + 12, height)
            painter.drawText(line, Qt.AlignmentFlag.AlignCenter, text)

    # --- the pointer

    def _point(self, unit: tuple[int, int] | None) -> None:
        if unit != self._pointed:
            self._pointed = unit
            self.unit_pointed.emit(unit)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self.unit_at(event.position()))
        told = self.told_at(event.position())
        if told:
            QToolTip.showText(event.globalPosition().toPoint(), told, self)
        else:
            QToolTip.hideText()

    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)
        super().leaveEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            return True  # shown while the pointer moves
        return super().event(event)


def _from_segment(at: QPointF, begin: QPointF, end: QPointF) -> float:
    along, offset = end - begin, at - begin
    length = along.x() ** 2 + along.y() ** 2
    share = min(max((offset.x() * along.x() + offset.y() * along.y()) / length, 0.0), 1.0) if length else 0.0
    nearest = offset - along * share
    return float(np.hypot(nearest.x(), nearest.y()))


def _thumbnails(fields: RealArray, colours: Sequence[QColor]) -> list[tuple[NDArray[np.uint32], QImage]]:
    """Of fields (count, rows, columns) the images, each with the array whose memory it uses. Signed ones have 0 in the middle
    of their colours; those of classes, from 0 to 1, go from the ground to their class's of the `colours`."""
    values = np.asarray(fields, np.float64)[:, ::-1]
    values = np.where(np.isfinite(values), values, 0.0)
    if not colours:
        largest = np.maximum(np.abs(values).max(axis=(1, 2), keepdims=True), 1e-12)
        pixels = diverging()[np.rint(127.5 * (1 + values / largest)).astype(np.int64)]
    else:
        low, *high = (np.array([one.red(), one.green(), one.blue()], np.float64) for one in (theme().panel, *colours))
        ways = np.stack(high) - low
        mixed = np.rint(low + np.clip(values, 0, 1)[..., None] * ways[:, None, None]).astype(np.uint32)
        pixels = 0xFF000000 | mixed[..., 0] << 16 | mixed[..., 1] << 8 | mixed[..., 2]
    pixels = np.ascontiguousarray(pixels, np.uint32)
    _, rows, columns = pixels.shape
    return [(each, QImage(each.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)) for each in pixels]
