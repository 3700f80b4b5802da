"""One unit, drawn with today's numbers: inputs, each times its weight, their sum, what the unit makes of it, the output."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.colours import diverging
from engine.figures import bracketed, measured
from engine.foundations.boards.perceptron.perceptron_numbers import WeightedTerm
from gui.shell.theme import THEME, font, theme

NODE_PX = 40.0  # the diameter of a node
BOX_PX = 52.0  # of the box with the function's curve
NARROW_PX, NARROW_NODE_PX, NARROW_BOX_PX = 330.0, 36.0, 38.0  # where there is little room
LABEL_PX, LEAST_TEXT_PX = 12, 9
SPAN = 4.0  # sums to either side of 0 that the curve shows; larger ones stand at its end
STRONG = 1.0  # a weight of that size has the thickest line


_TOTALS = np.linspace(-SPAN, SPAN, 33)
CURVES = {  # (sum, output) along each function
    "step": ((-SPAN, 0.0), (0.0, 0.0), (0.0, 1.0), (SPAN, 1.0)),
    "sigmoid": tuple(zip(_TOTALS.tolist(), (1 / (1 + np.exp(-_TOTALS))).tolist(), strict=True)),
}


class DrawnUnit(NamedTuple):
    """The terms in the order of the sum, the last one of them the bias; their sum, and what `function` makes of it."""

    terms: tuple[WeightedTerm, ...]
    total: float
    output: float
    function: Literal["step", "sigmoid"] = "step"


def weight_colour(weight: float) -> QColor:
    """Red above 0, blue below."""
    return _sign_colour(weight >= 0)


@lru_cache(maxsize=2)
def _sign_colour(above: bool) -> QColor:
    table = diverging()
    return QColor.fromRgb(int(table[225] if above else table[30]))


def on_ground(colour: QColor, share: float) -> QColor:
    """So much of a colour on the panel's, opaque: smooth shapes that let the ground through cost six times as much."""
    return _mixed(colour.rgb(), theme().panel.rgb(), round(share, 3))


@lru_cache(maxsize=512)
def _mixed(colour: int, ground: int, share: float) -> QColor:
    """0xffRRGGBB each."""
    parts = (((colour >> shift) & 255, (ground >> shift) & 255) for shift in (16, 8, 0))
    return QColor(*(round(share * one + (1 - share) * below) for one, below in parts))


def sum_in_words(drawn: DrawnUnit) -> str:
    """0.5·1 + 0.5·1 − 0.7 = 0.3"""
    parts = []
    for number, term in enumerate(drawn.terms):
        last = number == len(drawn.terms) - 1
        sign = "−" if term.weight < 0 else "+"
        size = measured(abs(term.weight)) if last else f"{measured(abs(term.weight))}·{bracketed(measured(term.value))}"
        parts.append(f"{sign} {size}" if number else f"{'−' if term.weight < 0 else ''}{size}")
    return f"{' '.join(parts)} = {measured(drawn.total)}"


def _fitting(text: str, wanted: QFont, room: float) -> QFont:
    """The font, or a smaller one with which a text fits."""
    sizes = range(wanted.pixelSize(), LEAST_TEXT_PX, -1)
    fonts = (font(px) for px in sizes)
    return next((each for each in fonts if QFontMetricsF(each).horizontalAdvance(text) <= room), font(LEAST_TEXT_PX))


class UnitDrawing(QWidget):
    """`show_unit` shows a DrawnUnit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drawn: DrawnUnit | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(260, 150)
        THEME.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(380, 190)

    def show_unit(self, drawn: DrawnUnit) -> None:
        if drawn == self.drawn:
            return
        self.drawn = drawn
        self.setAccessibleDescription(f"{sum_in_words(drawn)}; y = {measured(drawn.output)}")
        self.update()

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.drawn is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(LABEL_PX if self.width() >= NARROW_PX else 11))
        self._paint(painter, self.drawn)
        painter.end()

    def _paint(self, painter: QPainter, drawn: DrawnUnit) -> None:
        width, height = float(self.width()), float(self.height())
        rows = len(drawn.terms)
        narrow = width < NARROW_PX
        node = min(NARROW_NODE_PX if narrow else NODE_PX, (height - 8) / rows - 6)
        box, summing = (NARROW_BOX_PX, 1.1 * node) if narrow else (BOX_PX, 1.25 * node)
        gap = 8.0 if narrow else max(14.0, 0.04 * width)
        middle = height / 2
        sources = [QPointF(node / 2 + 4, height * (row + 0.5) / rows) for row in range(rows)]
        out = QPointF(width - node / 2 - 4, middle)
        function = QPointF(out.x() - node / 2 - gap - box / 2, middle)
        into = QPointF(function.x() - box / 2 - gap - summing / 2, middle)
        for number, (source, term) in enumerate(zip(sources, drawn.terms, strict=True)):
            text = f"b = {measured(term.weight)}"
            if number < rows - 1:
                text = f"{measured(term.weight)}·{bracketed(measured(term.value))} = {measured(term.product)}"
            self._edge(painter, source, into, node, term.weight, text)
        for begin, end, room in ((into, function, box / 2), (function, out, node / 2)):
            painter.setPen(QPen(theme().muted, 1.5))
            painter.drawLine(begin, QPointF(end.x() - room, end.y()))
        names = [*(f"x{chr(0x2081 + number)}" for number in range(rows - 1)), "1"]
        for source, term, name in zip(sources, drawn.terms, names, strict=True):
            value = "" if name == "1" else measured(term.value)
            self._node(painter, source, node, name, value, term.value if name != "1" else 1.0)
        self._node(painter, into, summing, "Σ", measured(drawn.total), None)
        self._curve(painter, function, drawn, box)
        self._node(painter, out, node, "y", measured(drawn.output), drawn.output, strong=True)

    def _edge(self, painter: QPainter, source: QPointF, into: QPointF, node: float, weight: float, text: str) -> None:
        pen = QPen(weight_colour(weight), 1.0 + 4.0 * min(abs(weight) / STRONG, 1.0))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        start = QPointF(source.x() + node / 2, source.y())
        painter.drawLine(start, into)
        self._label(painter, start + (into - start) * 0.42, text)

    def _label(self, painter: QPainter, at: QPointF, text: str) -> None:
        measure = QFontMetricsF(painter.font())
        box = QRectF(0, 0, measure.horizontalAdvance(text) + 8, measure.height() + 2)
        box.moveCenter(at)
        painter.fillRect(box, theme().panel)
        painter.setPen(theme().text)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _node(
        self, painter: QPainter, at: QPointF, size: float, name: str, value: str, lit: float | None, *, strong: bool = False
    ) -> None:
        """A circle with its name and its number; `lit` from 0 to 1 fills it."""
        box = QRectF(at.x() - size / 2, at.y() - size / 2, size, size)
        painter.setPen(QPen(theme().accent if strong else theme().muted, 2.0 if strong else 1.2))
        painter.setBrush(on_ground(theme().accent, 0.45 * min(max(lit or 0.0, 0.0), 1.0)))
        painter.drawEllipse(box)
        painter.setPen(theme().text)
        if not value:
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)
            return
        upper, lower = QRectF(box), QRectF(box)
        upper.setBottom(at.y() + 1)
        lower.setTop(at.y() - 1)
        painter.setPen(theme().muted)
        painter.drawText(upper, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, name)
        painter.setPen(theme().text)
        written = painter.font()
        painter.setFont(_fitting(value, written, size - 4))
        painter.drawText(lower.adjusted(-10, 0, 10, 0), Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, value)
        painter.setFont(written)

    def _curve(self, painter: QPainter, at: QPointF, drawn: DrawnUnit, size: float) -> None:
        """The function in a box, with a dot where the sum stands."""
        box = QRectF(at.x() - size / 2, at.y() - size / 2, size, size)
        painter.setPen(QPen(theme().line, 1))
        painter.setBrush(QBrush(theme().ground))
        painter.drawRoundedRect(box, 6, 6)
        inner = box.adjusted(6, 9, -6, -9)

        def place(total: float, output: float) -> QPointF:
            share = (min(max(total, -SPAN), SPAN) + SPAN) / (2 * SPAN)
            return QPointF(inner.left() + share * inner.width(), inner.bottom() - output * inner.height())

        painter.setPen(QPen(theme().line, 1))
        painter.drawLine(place(0, -0.12), place(0, 1.12))
        path = QPainterPath()
        places = [place(total, output) for total, output in CURVES[drawn.function]]
        path.addPolygon(places)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme().muted, 1.6))
        painter.drawPath(path)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().accent)
        painter.drawEllipse(place(drawn.total, drawn.output), 4, 4)
        painter.setPen(theme().muted)
        under = QRectF(box.left() - 20, box.bottom() + 1, box.width() + 40, 18)
        painter.drawText(under, Qt.AlignmentFlag.AlignCenter, "Σ > 0" if drawn.function == "step" else "σ(Σ)")
