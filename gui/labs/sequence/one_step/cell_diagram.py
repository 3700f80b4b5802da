"""The drawing of one recurrent cell with the values that are on its wires at one time step.

Hovering says what is under the pointer, a click chooses a gate, the arrow keys step through time and units. It paints in one
pass and knows no network. Shown on the page of one step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.figures import UNKNOWN, fixed, measured
from gui.labs.sequence.one_step.cell_wires import (
    HEIGHT,
    LEAST_PX,
    RING_PX,
    GateBox,
    OperationRing,
    ValueLabel,
    Wire,
    Wiring,
    wiring,
)
from gui.shell.theme import THEME, font, theme
from gui.widgets.stack.stack_painting import measure_of

PX = 11
ARROW_PX = 4.0
WAYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


@dataclass(frozen=True)
class WireValues:
    """`values` by the wiring's keys; of `changed` keys they are those that a value set by hand has led to. `chosen` is the gate
    that is taken apart. `reads` says what all gates read, in words."""

    kind: str = "LSTM"
    nonlinearity: str = "tanh"
    projected: bool = False
    chosen: str = ""
    values: Mapping[str, float | None] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()
    by_hand: str = ""  # the gate whose value was set
    reads: str = ""
    gates: tuple[str, ...] = ()


class CellDiagram(QWidget):
    """`show_values` draws them; `set_lit` marks parts from outside."""

    hovered = Signal(str)  # a key, or "" for nothing
    gate_clicked = Signal(str)
    stepped = Signal(int, int)  # steps of time, units

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = WireValues()
        self._wiring: Wiring = wiring("LSTM", LEAST_PX)
        self._hovered = ""
        self._lit: frozenset[str] = frozenset()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self.setMinimumWidth(LEAST_PX)
        THEME.changed.connect(self.update)
        self.retranslate()

    def show_values(self, values: WireValues) -> None:
        if values == self._shown:
            return
        before, self._shown = self._shown, values
        if (before.kind, before.nonlinearity, before.projected) != (values.kind, values.nonlinearity, values.projected):
            self._arrange()
        self._describe()
        self._tell_hovered()
        self.update()

    def set_lit(self, keys: frozenset[str]) -> None:
        """Mark the parts with these keys."""
        if keys != self._lit:
            self._lit = keys
            self.update()

    @property
    def shown(self) -> WireValues:
        return self._shown

    @property
    def wiring(self) -> Wiring:
        """Where everything stands now."""
        return self._wiring

    def texts(self) -> dict[str, str]:
        """What is written at each key, as it is painted."""
        boxes = {box.key: self._figure(box.key, box.place.width() - 4) for box in self._wiring.boxes if box.name != "P"}
        return boxes | {label.key: self._label_text(label) for label in self._wiring.labels}

    def sizeHint(self) -> QSize:
        return QSize(300, HEIGHT)

    # --- painting

    def _arrange(self) -> None:
        shown = self._shown
        nonlinearity = "ReLU" if shown.nonlinearity == "relu" else "tanh"
        self._wiring = wiring(shown.kind, float(self.width()), nonlinearity=nonlinearity, projected=shown.projected)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, now = QPainter(self), theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self._lit | ({self._hovered} if self._hovered else set())
        for wire in sorted(self._wiring.wires, key=lambda each: each.key in lit):  # the lit ones on top
            self._paint_wire(painter, wire, wire.key in lit)
        for ring in self._wiring.rings:
            self._paint_ring(painter, ring, ring.key in lit)
        for box in self._wiring.boxes:
            self._paint_box(painter, box, box.key in lit)
        for label in self._wiring.labels:
            painter.setFont(font(PX))
            painter.setPen(self._colour(label.key, label.key in lit))
            painter.drawText(label.place, label.side | Qt.AlignmentFlag.AlignVCenter, self._label_text(label))
        if self.hasFocus():
            painter.setPen(QPen(now.accent, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _colour(self, key: str, lit: bool) -> QColor:
        now = theme()
        if key in self._shown.changed:
            return now.warn
        return now.accent if lit else now.muted if key in ("inputs", "c_before", "h_before") else now.text

    def _paint_wire(self, painter: QPainter, wire: Wire, lit: bool) -> None:
        colour = theme().accent if lit else theme().warn if wire.key in self._shown.changed else theme().muted
        painter.setPen(QPen(colour, 2.0 if lit else 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(list(wire.points)))
        if wire.arrow:
            _paint_arrow(painter, wire.points[-2], wire.points[-1], colour)

    def _paint_ring(self, painter: QPainter, ring: OperationRing, lit: bool) -> None:
        now = theme()
        colour = now.accent if lit else now.muted
        painter.setPen(QPen(colour, 1.4))
        painter.setBrush(now.panel)
        painter.drawEllipse(ring.centre, RING_PX / 2, RING_PX / 2)
        arm = RING_PX / 2 - 4
        if ring.sign == "×":
            slant = arm * 0.8
            painter.drawLine(ring.centre - QPointF(slant, slant), ring.centre + QPointF(slant, slant))
            painter.drawLine(ring.centre - QPointF(slant, -slant), ring.centre + QPointF(slant, -slant))
        else:
            painter.drawLine(ring.centre - QPointF(arm, 0), ring.centre + QPointF(arm, 0))
            painter.drawLine(ring.centre - QPointF(0, arm), ring.centre + QPointF(0, arm))

    def _paint_box(self, painter: QPainter, box: GateBox, lit: bool) -> None:
        now, shown = theme(), self._shown
        is_gate = box.key in shown.gates
        by_hand = box.key == shown.by_hand
        edge = now.window if by_hand else now.accent if lit or (is_gate and box.key == shown.chosen) else now.muted
        painter.setPen(QPen(edge, 2.0 if by_hand or (is_gate and box.key == shown.chosen) else 1.0))
        painter.setBrush(now.warn_ground if by_hand else now.accent_ground if is_gate else now.panel)
        painter.drawRoundedRect(box.place, 5, 5)
        painter.setFont(font(PX))
        if box.name == "P":
            painter.setPen(now.text)
            painter.drawText(box.place, Qt.AlignmentFlag.AlignCenter, box.name)
            return
        value = self._figure(box.key, box.place.width() - 4)
        if box.place.height() < 30:
            painter.setPen(self._colour(box.key, lit))
            painter.drawText(box.place, Qt.AlignmentFlag.AlignCenter, f"{box.name}  {value}")
            return
        half = box.place.height() / 2
        painter.setPen(now.muted)
        head = f"{box.name}  {box.function}" if box.function else box.name
        painter.drawText(
            QRectF(box.place.left(), box.place.top() + 2, box.place.width(), half - 1), Qt.AlignmentFlag.AlignCenter, head
        )
        painter.setPen(self._colour(box.key, lit))
        painter.setFont(font(12))
        painter.drawText(
            QRectF(box.place.left(), box.place.top() + half - 1, box.place.width(), half), Qt.AlignmentFlag.AlignCenter, value
        )

    def _label_text(self, label: ValueLabel) -> str:
        if label.key == "inputs":
            return measure_of(PX).elidedText(self._shown.reads, Qt.TextElideMode.ElideRight, label.place.width())
        measure, head = measure_of(PX), f"{label.name} " if label.name else ""
        whole = head + self._figure(label.key, label.place.width() - measure.horizontalAdvance(head))
        return (
            whole if measure.horizontalAdvance(whole) <= label.place.width() else self._figure(label.key, label.place.width())
        )

    def _figure(self, key: str, room: float) -> str:
        """A value with as many decimals as there is room for."""
        value = self._shown.values.get(key)
        if value is None:
            return UNKNOWN
        measure = measure_of(PX)
        wordings = [*(fixed(value, decimals) for decimals in (4, 3, 2)), measured(value, 1)]
        return next((text for text in wordings if measure.horizontalAdvance(text) <= room), wordings[-1])

    # --- what the user does

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._wiring.key_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover("")

    def _hover(self, key: str) -> None:
        if key == self._hovered:
            return
        self._hovered = key
        clickable = key in self._shown.gates
        self.setCursor(Qt.CursorShape.PointingHandCursor if clickable else Qt.CursorShape.ArrowCursor)
        self._tell_hovered()
        self.hovered.emit(key)
        self.update()

    def _tell_hovered(self) -> None:
        """The tooltip of what is under the pointer, whose value may become another one there."""
        key = self._hovered
        value = self._shown.values.get(key)
        told = "" if value is None else f"{SPOKEN.get(key, key)} = {measured(value, 7)}"
        by_hand = self.tr("set by hand") if key and key == self._shown.by_hand else ""
        click = self.tr("Click: set its value by hand") if key in self._shown.gates else ""
        tip = "\n".join(filter(None, (told, by_hand, click)))
        if tip != self.toolTip():
            self.setToolTip(tip)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        key = self._wiring.key_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and key in self._shown.gates:
            self.gate_clicked.emit(key)

    def event(self, event: QEvent) -> bool:
        """With the focus here, its keys are no shortcuts of the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._way(event) is not None:
            event.accept()
            return True
        return super().event(event)

    @staticmethod
    def _way(event: QKeyEvent) -> tuple[int, int] | None:
        return None if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier else WAYS.get(Qt.Key(event.key()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        way = self._way(event)
        if way is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(*way)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("The cell with its values; the arrow keys step through time and units"))
        self._describe()

    def _describe(self) -> None:
        """Tell a screen reader the values."""
        shown = self._shown
        told = [f"{SPOKEN.get(key, key)} {fixed(value)}" for key, value in shown.values.items() if value is not None]
        if shown.by_hand:
            told.append(self.tr("{name} is set by hand").format(name=shown.by_hand))
        self.setAccessibleDescription(", ".join(told))


SPOKEN = {  # keys as formulas
    "c_before": "c₋",
    "h_before": "h₋",
    "f*c": "f ⊙ c₋",
    "i*g": "i ⊙ g",
    "tanh_c": "tanh c",
    "m": "o ⊙ tanh c",
    "z*h": "z ⊙ h₋",
    "1-z": "1 − z",
    "(1-z)*n": "(1 − z) ⊙ n",
    "u": "U h₋ + b′",
    "r*u": "r ⊙ (U h₋ + b′)",
    "w": "W x + b",
    "sum": "W x + b + U h₋ + b′",
}


def _paint_arrow(painter: QPainter, start: QPointF, end: QPointF, colour: QColor) -> None:
    along = end - start
    length = (along.x() ** 2 + along.y() ** 2) ** 0.5 or 1.0
    ahead = along / length * ARROW_PX
    across = QPointF(-ahead.y(), ahead.x()) * 0.7
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([end, end - ahead * 1.4 + across, end - ahead * 1.4 - across]))
