"""The graph, painted: values above the wires, gradients below, as books draw it.

The pointer over a part shows its local derivatives; a click on a number of a leaf chooses it, a click on a node goes to its
step. The wheel and + and - zoom, dragging and Shift with the arrows move, 0 and a double click show all of it; Left and Right
step.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Literal, NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.foundations.boards.backpropagation.graph_walk import GraphWalk
from gui.labs.foundations.backpropagation.graph.graph_painting import paint_graph
from gui.labs.foundations.backpropagation.graph.graph_picture import WIRE_GAP_PX, GraphShown, shown_graph
from gui.shell.theme import THEME, font, theme
from gui.widgets.own_keys import claims_key

CLOSEST, FURTHEST = 2.5, 0.15  # scales
READABLE = 0.55  # a graph that would be smaller is not shown whole by itself
LARGEST_FIT = 1.4
FADED = 0.3  # where what is set has no graph, and the one before is still there
ZOOM_STEP, PAN_PX, NEAR_PX, DRAG_PX = 1.2, 60.0, 6.0, 4
STEP_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -10_000, Qt.Key.Key_End: 10_000}
ZOOM_KEYS = {Qt.Key.Key_Plus: ZOOM_STEP, Qt.Key.Key_Equal: ZOOM_STEP, Qt.Key.Key_Minus: 1 / ZOOM_STEP}
PAN_KEYS = {
    Qt.Key.Key_Left: (1, 0),
    Qt.Key.Key_Right: (-1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class GraphSpot(NamedTuple):
    """What is under the pointer: a node by its place, or the wire into a node."""

    kind: Literal["node", "wire"]
    place: int
    turn: int = 0


class LeafCell(NamedTuple):
    """A number of a leaf."""

    name: str
    row: int
    column: int


class GraphView(QWidget):
    """`show_walk` draws it."""

    hovered = Signal(object)  # a GraphSpot, or None
    cell_clicked = Signal(object)  # a LeafCell
    node_clicked = Signal(int)
    stepped = Signal(int)  # so many steps on or back

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: GraphShown | None = None
        self._chosen: LeafCell | None = None
        self._spot: GraphSpot | None = None
        self._scale, self._shift = 1.0, QPointF()
        self._fits = True  # it follows the widget's size, until the user zooms or moves
        self._all = False  # the user has asked for all of it, however small
        self._pressed: QPointF | None = None
        self._dragging = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(150)
        self._hint = ""
        THEME.changed.connect(self.update)
        self.retranslate()

    def show_walk(self, walk: GraphWalk, done: int, chosen: LeafCell | None) -> None:
        """Show what is known after step `done`; the same graph keeps its zoom."""
        before = self._shown
        self._shown, self._chosen = shown_graph(walk, done), chosen
        if before is None or before.walk.formula != walk.formula:
            self._fits, self._all, self._spot = True, False, None
        if self._fits:
            self.fit()
        elif before is not None and before.done != done:
            self._bring_into_view()
        self.update()

    @property
    def shown(self) -> GraphShown | None:
        return self._shown

    @property
    def scale(self) -> float:
        return self._scale

    @property
    def spot(self) -> GraphSpot | None:
        return self._spot

    def sizeHint(self) -> QSize:
        return QSize(520, 300)

    # --- where everything is

    def fit(self) -> None:
        """Show all of it, or where that would be unreadable, and nobody has asked for all, the node of the step as large as it
        can be read."""
        self._fits = True
        if self._shown is None:
            return
        layout = self._shown.layout
        whole = min(self.width() / layout.width, self.height() / layout.height)
        self._scale = min(whole if self._all else max(whole, READABLE), LARGEST_FIT)
        left = (self.width() - layout.width * self._scale) / 2
        top = (self.height() - layout.height * self._scale) / 2
        self._shift = QPointF(max(left, 0.0), max(top, 0.0))
        if whole < self._scale:
            self._bring_into_view()
        self.update()

    def show_all(self) -> None:
        """Show all of it, however small."""
        self._all = True
        self.fit()

    @property
    def whole(self) -> bool:
        """Whether all of the graph is on the screen."""
        if self._shown is None:
            return True
        layout = self._shown.layout
        place = QRectF(
            self._shift, QPointF(self._shift.x() + layout.width * self._scale, self._shift.y() + layout.height * self._scale)
        )
        return QRectF(self.rect()).adjusted(-1, -1, 1, 1).contains(place)

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Larger or smaller around a point of the widget, or its middle."""
        about = at if at is not None else QPointF(self.width() / 2, self.height() / 2)
        scale = min(max(self._scale * factor, min(FURTHEST, self._scale)), CLOSEST)
        self._shift = about - (about - self._shift) * (scale / self._scale)
        self._scale, self._fits = scale, False
        self._hold()
        self.update()

    def pan(self, across: float, down: float) -> None:
        self._shift += QPointF(across, down)
        self._fits = False
        self._hold()
        self.update()

    def _hold(self) -> None:
        """Keep the graph from leaving the widget: what fits stays inside, of what does not no edge comes inside."""
        if self._shown is None:
            return
        layout = self._shown.layout
        self._shift = QPointF(
            _held(self._shift.x(), layout.width * self._scale, self.width()),
            _held(self._shift.y(), layout.height * self._scale, self.height()),
        )

    def _bring_into_view(self) -> None:
        """Move the graph so that the node of this step is seen."""
        if self._shown is None or self._shown.step.node < 0:
            return
        part = self._shown.layout.parts[self._shown.step.node]
        edge = 40.0
        left = (part.sign_x - part.sign / 2 - 120) * self._scale + self._shift.x()
        right = part.right * self._scale + self._shift.x()
        top, bottom = part.top * self._scale + self._shift.y(), part.bottom * self._scale + self._shift.y()
        across = min(self.width() - edge - right, 0.0) or max(edge - left, 0.0)
        down = min(self.height() - edge / 2 - bottom, 0.0) or max(edge / 2 - top, 0.0)
        self._shift += QPointF(across, down)
        self._hold()

    def _in_graph(self, at: QPointF) -> QPointF:
        return (at - self._shift) / self._scale

    def on_screen(self, x: float, y: float) -> QPointF:
        """Where a point of the layout is in the widget."""
        return QPointF(x, y) * self._scale + self._shift

    def spot_at(self, at: QPointF) -> GraphSpot | None:
        """What is at a point of the widget."""
        if self._shown is None:
            return None
        point = self._in_graph(at)
        for place, part in enumerate(self._shown.layout.parts):
            on_sign = abs(point.x() - part.sign_x) <= part.sign / 2 and abs(point.y() - part.y) <= 17
            if on_sign or (part.plate_left <= point.x() <= part.right and part.top <= point.y() <= part.bottom):
                return GraphSpot("node", place)
        near = NEAR_PX / self._scale
        for wire in self._shown.layout.wires:
            plate = wire.plate
            across = plate is not None and plate.plate_left <= point.x() <= plate.right
            if plate is not None and across and plate.top <= point.y() <= plate.bottom:
                return GraphSpot("wire", wire.target, wire.turn)
            corners = [QPointF(*corner) for corner in wire.points]
            for start, end in pairwise(corners):
                if _distance(point, start, end) <= near:
                    return GraphSpot("wire", wire.target, wire.turn)
        return None

    def cell_at(self, at: QPointF) -> LeafCell | None:
        """The number of a leaf at a point of the widget."""
        if self._shown is None:
            return None
        point = self._in_graph(at)
        for place, part in enumerate(self._shown.layout.parts):
            name = self._shown.walk.formula.nodes[place].name
            if name is None:
                continue
            plate = self._shown.values[place]
            left = (part.plate_left + part.right - plate.width) / 2
            top = part.y - WIRE_GAP_PX - plate.height
            if (cell := plate.cell_at(point.x() - left, point.y() - top)) is not None:
                return LeafCell(name, *cell)
        return None

    # --- what the user does

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._pressed is not None:
            if self._dragging or (at - self._pressed).manhattanLength() > DRAG_PX:
                self._dragging = True
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
                moved = at - self._pressed
                self._pressed = at
                self.pan(moved.x(), moved.y())
            return
        self._point_at(self.spot_at(at))
        clickable = self.cell_at(at) is not None or (self._spot is not None and self._is_step(self._spot))
        self.setCursor(Qt.CursorShape.PointingHandCursor if clickable else Qt.CursorShape.ArrowCursor)

    def _is_step(self, spot: GraphSpot) -> bool:
        return (
            self._shown is not None and spot.kind == "node" and self._shown.walk.formula.nodes[spot.place].operation is not None
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._dragging = event.position(), False

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        dragged, self._pressed, self._dragging = self._dragging, None, False
        self.unsetCursor()
        if dragged:
            return
        spot = self.spot_at(event.position())
        if (cell := self.cell_at(event.position())) is not None:
            self.cell_clicked.emit(cell)
        elif spot is not None and self._is_step(spot):
            self.node_clicked.emit(spot.place)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.spot_at(event.position()) is None:
            self.show_all()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if turned:
            self.zoom(ZOOM_STEP ** (turned / 120), event.position())
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_at(None)

    def _point_at(self, spot: GraphSpot | None) -> None:
        if spot != self._spot:
            self._spot = spot
            self.hovered.emit(spot)
            self.update()

    def event(self, event: QEvent) -> bool:
        if claims_key(event, (*STEP_KEYS, *ZOOM_KEYS, *PAN_KEYS, Qt.Key.Key_0)):
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and key in PAN_KEYS:
            across, down = PAN_KEYS[key]
            self.pan(across * PAN_PX, down * PAN_PX)
        elif key in STEP_KEYS:
            self.stepped.emit(STEP_KEYS[key])
        elif key in ZOOM_KEYS:
            self.zoom(ZOOM_KEYS[key])
        elif key == Qt.Key.Key_0:
            self.show_all()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self._hint = self.tr("Wheel: zoom · drag: move · 0: all of it")
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fits:
            self.fit()
        else:
            self._hold()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._shown is not None:
            painter.save()
            painter.setOpacity(1.0 if self.isEnabled() else FADED)
            painter.translate(self._shift)
            painter.scale(self._scale, self._scale)
            spot = self._spot
            chosen = (self._chosen.name, (self._chosen.row, self._chosen.column)) if self._chosen is not None else None
            paint_graph(
                painter,
                self._shown,
                node=spot.place if spot is not None and spot.kind == "node" else None,
                wire=(spot.place, spot.turn) if spot is not None and spot.kind == "wire" else None,
                chosen=chosen,
                seen=QRectF(self._in_graph(QPointF()), self._in_graph(QPointF(self.width(), self.height()))),
            )
            painter.restore()
            if not self.whole:
                painter.setFont(font(11))
                painter.setPen(theme().muted)
                place = QRectF(self.rect()).adjusted(6, 0, -6, -3)
                painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, self._hint)
        if self.hasFocus():
            painter.setPen(QPen(theme().accent, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)


def _held(shift: float, size: float, room: float) -> float:
    if size <= room:
        return min(max(shift, 0.0), room - size)
    return min(max(shift, room - size), 0.0)


def _distance(point: QPointF, start: QPointF, end: QPointF) -> float:
    along = end - start
    length = QPointF.dotProduct(along, along)
    share = 0.0 if not length else min(max(QPointF.dotProduct(point - start, along) / length, 0.0), 1.0)
    away = point - start - along * share
    return float(QPointF.dotProduct(away, away) ** 0.5)
