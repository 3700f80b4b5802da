"""A callout beside a control of the window, and a ring around the control. Neither takes the focus or a click that is meant for
the window. Called by the tour."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from gui.shell.theme import THEME, set_role, theme
from gui.widgets.labels import label

WIDTH_PX = 300
BEAK_PX = 9  # from the frame to the tip
EDGE_PX = 8  # kept free at the window's edge
RING_PX = 4  # around the control
_MOVES = {QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide}


class TargetRing(QWidget):
    """A line around a control. The mouse goes through it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().accent, 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 7, 7)


class Callout(QWidget):
    """A few sentences beside a control, with two buttons. `point_at` follows the control wherever the window puts it; where the
    control is not to be seen, the callout stands in the middle of the bottom edge."""

    next_pressed = Signal()
    left = Signal()  # the button that ends it was pressed

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self._below = False
        self._tip: QPointF | None = None
        self.ring = TargetRing(window)
        self.count = label("small")
        self.text = label("", wraps=True)
        self.leave, self.next = QPushButton(), QPushButton()
        self.leave.setProperty("role", "link")
        self.leave.clicked.connect(self.left)
        self.next.clicked.connect(self.next_pressed)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 4, 0, 0)
        buttons.addWidget(self.count)
        buttons.addStretch(1)
        buttons.addWidget(self.leave)
        buttons.addWidget(self.next)
        column = QVBoxLayout(self)
        column.setContentsMargins(BEAK_PX + 14, BEAK_PX + 10, BEAK_PX + 10, BEAK_PX + 10)
        column.addWidget(self.text)
        column.addLayout(buttons)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._place)
        THEME.changed.connect(self._restyle)
        self.hide()

    # --- what it says

    def say(self, text: str, count: str) -> None:
        """Show a text and how far it is; a screen reader says it."""
        self.text.setText(text)
        self.count.setText(count)
        self.setAccessibleName(f"{count}: {text}")
        self._soon.start()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def set_buttons(self, leave: str, next_: str, *, primary: bool) -> None:
        """The words of the buttons; `primary` says that there is nothing left but to go on."""
        self.leave.setText(leave)
        self.next.setText(next_)
        role = "primary" if primary else ""
        if self.next.property("role") != role:
            set_role(self.next, role)
        self._soon.start()

    # --- where it stands

    def point_at(self, target: QWidget | None, *, below: bool = False) -> None:
        """Stand beside a control, or rather below it, and follow it; None hides the callout."""
        self._below = below
        if target is self._target and target is not None and not self.isHidden():
            self._soon.start()
            return
        for each in self._watched:
            each.removeEventFilter(self)
        self._watched = []
        self._target = target
        if target is None:
            self.hide()
            self.ring.hide()
            return
        widget: QWidget | None = target
        while widget is not None:
            widget.installEventFilter(self)
            self._watched.append(widget)
            if isinstance(widget, QScrollArea):
                widget.ensureWidgetVisible(target, 0, 60)
            widget = None if widget is self._window else widget.parentWidget()
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES:
            self._soon.start()  # once for all that moves in this turn of the loop
        return False

    @Slot()
    def _place(self) -> None:
        target = self._target
        if target is None:
            return
        size = QSize(WIDTH_PX, self._height())
        seen = target.visibleRegion().boundingRect()
        room = self._window.rect().adjusted(EDGE_PX, EDGE_PX, -EDGE_PX, -EDGE_PX)
        if seen.isEmpty():
            self._tip = None
            self.setGeometry(QRect(QPoint(room.center().x() - size.width() // 2, room.bottom() - size.height()), size))
            self.ring.hide()
        else:
            around = QRect(target.mapTo(self._window, seen.topLeft()), seen.size()).adjusted(
                -RING_PX, -RING_PX, RING_PX, RING_PX
            )
            self.ring.setGeometry(around)
            place, tip = beside(around, size, room, below=self._below)
            self._tip = QPointF(tip - place.topLeft())
            self.setGeometry(place)
            self.ring.show()
            self.ring.raise_()
        self.show()
        self.raise_()
        self.update()

    def _height(self) -> int:
        margins = self.layout().contentsMargins()  # type: ignore[union-attr]
        inside = WIDTH_PX - margins.left() - margins.right()
        return margins.top() + self.text.heightForWidth(inside) + 10 + self.next.sizeHint().height() + margins.bottom()

    # --- how it looks

    @Slot()
    def _restyle(self) -> None:
        self.update()
        self.ring.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect()).adjusted(BEAK_PX, BEAK_PX, -BEAK_PX, -BEAK_PX)
        outline = QPainterPath()
        outline.addRoundedRect(body, 8, 8)
        if self._tip is not None:
            beak = QPainterPath()
            beak.addPolygon(_beak(body, self._tip))
            beak.closeSubpath()
            outline = outline.united(beak)
        painter.setPen(QPen(theme().accent, 1.5))
        painter.setBrush(theme().panel)
        painter.drawPath(outline)


def beside(target: QRect, size: QSize, room: QRect, *, below: bool = False) -> tuple[QRect, QPoint]:
    """Where a callout of `size` stands beside `target`, and the point of the target's edge that it points at: at the right,
    below, above or at the left, wherever there is room for it in `room`, first of all `below` if asked for; else inside the
    target, at its lower right corner."""
    middle = target.center()
    y = min(max(middle.y() - size.height() // 2, room.top()), room.bottom() - size.height())
    x = min(max(middle.x() - size.width() // 2, room.left()), room.right() - size.width())
    places = [
        (QRect(QPoint(target.right(), y), size), QPoint(target.right(), middle.y())),
        (QRect(QPoint(x, target.bottom()), size), QPoint(middle.x(), target.bottom())),
        (QRect(QPoint(x, target.top() - size.height()), size), QPoint(middle.x(), target.top())),
        (QRect(QPoint(target.left() - size.width(), y), size), QPoint(target.left(), middle.y())),
    ]
    if below:
        places.insert(0, places[1])
    for place, tip in places:
        if room.contains(place):
            return place, tip
    corner = QPoint(target.right() - size.width() - EDGE_PX, target.bottom() - size.height() - EDGE_PX)
    place = QRect(QPoint(max(corner.x(), room.left()), max(corner.y(), room.top())), size)
    return place, place.center()


def _beak(body: QRectF, tip: QPointF) -> QPolygonF:
    """A triangle from the edge of the body that is nearest to the tip."""
    half = 8.0
    x = min(max(tip.x(), body.left() + 16), body.right() - 16)
    y = min(max(tip.y(), body.top() + 16), body.bottom() - 16)
    if tip.x() <= body.left():
        return QPolygonF([QPointF(body.left() + 1, y - half), tip + QPointF(1, 0), QPointF(body.left() + 1, y + half)])
    if tip.x() >= body.right():
        return QPolygonF([QPointF(body.right() - 1, y - half), tip - QPointF(1, 0), QPointF(body.right() - 1, y + half)])
    if tip.y() <= body.top():
        return QPolygonF([QPointF(x - half, body.top() + 1), tip + QPointF(0, 1), QPointF(x + half, body.top() + 1)])
    if tip.y() >= body.bottom():
        return QPolygonF([QPointF(x - half, body.bottom() - 1), tip - QPointF(0, 1), QPointF(x + half, body.bottom() - 1)])
    return QPolygonF()
