"""How a graph of values and gradients is painted: wires below, then signs and plates, then the labels of what is pointed at."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from gui.labs.foundations.backpropagation.graph.graph_layout import LaidPart, LaidWire
from gui.labs.foundations.backpropagation.graph.graph_picture import (
    RING_PX,
    ROUND_SIGNS,
    SIGN_TEXT_PX,
    WIRE_GAP_PX,
    GraphShown,
    chip_text,
)
from gui.labs.foundations.backpropagation.graph.number_plates import paint_plate
from gui.shell.theme import font, theme
from gui.widgets.stack.stack_painting import measure_of

ARROW_PX, HEAD_PX = 4.5, 20.0
CHIP_PX = 12


def paint_graph(
    painter: QPainter,
    shown: GraphShown,
    *,
    node: int | None,
    wire: tuple[int, int] | None,
    chosen: tuple[str, tuple[int, int]] | None,
    seen: QRectF | None = None,
) -> None:
    """Paint it in the layout's own pixels. `node` or `wire` (target, turn) is pointed at; `chosen` is a number of a leaf. Parts
    outside of `seen` are left out."""
    lit = _lit(shown, node, wire)
    step = shown.step
    busy = {(step.node, turn) for turn in range(len(shown.walk.formula.nodes[step.node].inputs))} if step.node >= 0 else set()
    busy = busy if step.kind in ("forward", "backward") else set()
    for each in sorted(shown.layout.wires, key=lambda laid: (laid.target, laid.turn) in lit):
        key = (each.target, each.turn)
        _paint_wire(painter, shown, each, lit=key in lit, busy=key in busy)
    for place, part in enumerate(shown.layout.parts):
        left = part.sign_x - part.sign / 2
        if seen is not None and not seen.intersects(QRectF(left, part.top, part.right - left, part.bottom - part.top)):
            continue
        _paint_stub(painter, shown, place, part)
        _paint_part(painter, shown, place, part, now=step.node == place, pointed=node == place, chosen=chosen)
    for each in shown.layout.wires:
        if each.plate is not None and (each.target, each.turn) in shown.known.terms:
            _paint_back_plate(painter, shown, each, each.plate)
        if (each.target, each.turn) in lit:
            _paint_chip(painter, shown, each)


def _lit(shown: GraphShown, node: int | None, wire: tuple[int, int] | None) -> set[tuple[int, int]]:
    """The wires whose local derivative is shown: that which is pointed at, or all into the node that is."""
    if wire is not None:
        return {wire}
    if node is None:
        return set()
    return {(node, turn) for turn in range(len(shown.walk.formula.nodes[node].inputs))}


def _paint_wire(painter: QPainter, shown: GraphShown, wire: LaidWire, *, lit: bool, busy: bool) -> None:
    now = theme()
    known = wire.source in shown.known.values
    colour = now.accent if lit or busy else now.muted if known else now.line
    painter.setPen(QPen(colour, 2.0 if lit or busy else 1.3, Qt.PenStyle.SolidLine if known else Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    points = [QPointF(*point) for point in wire.points]
    path = QPainterPath(points[0])
    for before, point in pairwise(points):
        if abs(before.y() - point.y()) < 0.5:
            path.lineTo(point)
        else:
            middle = (before.x() + point.x()) / 2
            path.cubicTo(QPointF(middle, before.y()), QPointF(middle, point.y()), point)
    painter.drawPath(path)
    painter.setPen(Qt.PenStyle.NoPen)
    _paint_arrow(painter, points[-1], 1, colour)


def _paint_arrow(painter: QPainter, tip: QPointF, way: int, colour: QColor) -> None:
    """An arrow's head that points to the right (1) or left (-1)."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    back = QPointF(-way * ARROW_PX * 1.6, 0)
    painter.drawPolygon(QPolygonF([tip, tip + back + QPointF(0, -ARROW_PX * 0.8), tip + back + QPointF(0, ARROW_PX * 0.8)]))


def _paint_stub(painter: QPainter, shown: GraphShown, place: int, part: LaidPart) -> None:
    """The wire through a part's plate."""
    if shown.is_constant(place):
        return
    known = place in shown.known.values
    painter.setPen(
        QPen(theme().muted if known else theme().line, 1.3, Qt.PenStyle.SolidLine if known else Qt.PenStyle.DashLine)
    )
    painter.drawLine(QPointF(part.sign_x + part.sign / 2, part.y), QPointF(part.right, part.y))
    if place == len(shown.layout.parts) - 1:
        _paint_arrow(painter, QPointF(part.right, part.y), 1, theme().muted if known else theme().line)


def _paint_part(
    painter: QPainter,
    shown: GraphShown,
    place: int,
    part: LaidPart,
    *,
    now: bool,
    pointed: bool,
    chosen: tuple[str, tuple[int, int]] | None,
) -> None:
    colours = theme()
    leaf, constant = shown.is_leaf(place), shown.is_constant(place)
    sign = shown.signs[place]
    body = QRectF(part.sign_x - part.sign / 2, part.y - RING_PX / 2, part.sign, RING_PX)
    if leaf or constant:
        body.adjust(0, 5, 0, -5)
    edge = colours.accent if now or pointed else colours.muted
    painter.setPen(QPen(edge, 2.2 if now else 1.2) if not constant else Qt.PenStyle.NoPen)
    painter.setBrush(colours.accent_ground if now else colours.ground if leaf else colours.panel)
    if constant:
        painter.setBrush(Qt.BrushStyle.NoBrush)
    if sign in ROUND_SIGNS and not leaf:
        painter.drawEllipse(body)
    else:
        painter.drawRoundedRect(body, 6, 6)
    painter.setFont(font(SIGN_TEXT_PX if sign in ROUND_SIGNS and not leaf else SIGN_TEXT_PX - 2, bold=leaf))
    painter.setPen(colours.muted if constant else colours.text)
    painter.drawText(body, Qt.AlignmentFlag.AlignCenter, sign)
    if constant:
        return
    middle = (part.plate_left + part.right) / 2
    if place in shown.known.values:
        plate = shown.values[place]
        cell = chosen[1] if chosen is not None and sign == chosen[0] and leaf else None
        paint_plate(painter, plate, middle - plate.width / 2, part.y - WIRE_GAP_PX - plate.height, colours.text, chosen=cell)
    if place in shown.known.gradients:
        plate = shown.sums.get(place, shown.gradients[place])
        left = middle - plate.width / 2
        paint_plate(painter, plate, left, part.y + WIRE_GAP_PX, colours.accent, ground=colours.accent_ground)
        head = QPointF(part.plate_left + 1, part.y + 0.5)
        _paint_arrow(painter, head, -1, colours.accent)


def _paint_back_plate(painter: QPainter, shown: GraphShown, wire: LaidWire, part: LaidPart) -> None:
    """What has come back on a wire of a leaf that is read more than once."""
    plate = shown.passed[wire.target, wire.turn]
    middle = (part.plate_left + part.right) / 2
    colours = theme()
    paint_plate(painter, plate, middle - plate.width / 2, part.y + WIRE_GAP_PX, colours.accent, ground=colours.accent_ground)
    _paint_arrow(painter, QPointF(part.plate_left + 1, part.y + 0.5), -1, colours.accent)


def _paint_chip(painter: QPainter, shown: GraphShown, wire: LaidWire) -> None:
    """The local derivative on a wire that is pointed at, at its end."""
    colours = theme()
    text = chip_text(shown.term(wire.target, wire.turn))
    width = measure_of(CHIP_PX).horizontalAdvance(text) + 12
    (before_x, before_y), (end_x, end_y) = wire.points[-2:]
    right = (
        end_x - 2 if before_y == end_y else max((before_x + end_x + width) / 2, end_x - 2)
    )  # beside the sign, or on the turn
    y = end_y if before_y == end_y else (before_y + end_y) / 2
    place = QRectF(right - width, y - 10, width, 20)
    painter.setPen(QPen(colours.window, 1.2))
    painter.setBrush(colours.panel)
    painter.drawRoundedRect(place, 6, 6)
    painter.setFont(font(CHIP_PX))
    painter.setPen(colours.text)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
