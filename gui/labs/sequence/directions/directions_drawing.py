"""The states of both directions of a layer over time, and the two summaries that are often taken for each other, with the
columns that each of them is read from.

It paints in one pass and knows no network. Shown on the page of the directions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.colours import diverging
from engine.figures import full_count, measured
from gui.shell.theme import THEME, font, theme
from gui.widgets.stack.stack_painting import measure_of

PX, LINE_PX, GAP_PX, STRIP_PX, FRAME_PX = 12, 18, 10, 20, 9.0
UNIT_PX, LEAST_PX, MOST_PX = 5, 40, 96  # of a state in a picture; of a picture's height
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, eq=False)
class BothDirections:
    """The states by the input's time step, (T, R), and the two summaries, (2 R,) each, the forward half first."""

    forward: NDArray[np.float32]
    backward: NDArray[np.float32]
    last_output: NDArray[np.float32]
    last_states: NDArray[np.float32]

    @property
    def steps(self) -> int:
        return len(self.forward)

    @property
    def states(self) -> int:
        return int(self.forward.shape[1])

    @property
    def most(self) -> float:
        """The largest size of a state: the end of the colours."""
        values = np.concatenate([np.abs(self.forward).ravel(), np.abs(self.backward).ravel()])
        finite = values[np.isfinite(values)]
        return float(finite.max(initial=0.0)) or 1.0


@dataclass(frozen=True)
class PaintedPart:
    """A picture with its values: `values` (rows, columns) lie in `place`."""

    key: str
    place: QRectF
    values: NDArray[np.float32]


class DirectionsDrawing(QWidget):
    """`show_directions` draws them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: BothDirections | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        THEME.changed.connect(self.update)
        self.setAccessibleName(self.tr("Both directions, and what is read from them"))

    def show_directions(self, shown: BothDirections) -> None:
        self._shown = shown
        self.setFixedHeight(int(self._tops()["end"]))
        self._describe(shown)
        self.update()

    @property
    def shown(self) -> BothDirections | None:
        return self._shown

    def sizeHint(self) -> QSize:
        return QSize(280, self.height())

    # --- places

    def _tops(self) -> dict[str, float]:
        """Where each part begins."""
        assert self._shown is not None
        picture = min(max(self._shown.states * UNIT_PX, LEAST_PX), MOST_PX)
        tops, top = dict[str, float](), 0.0
        for key, height in (("forward", picture), ("backward", picture), ("last_output", STRIP_PX), ("last_states", STRIP_PX)):
            tops[key] = top + LINE_PX
            top += LINE_PX + height + (GAP_PX if key in ("forward", "backward") else LINE_PX + GAP_PX / 2)
        return tops | {"end": top, "picture": float(picture)}

    def parts(self) -> tuple[PaintedPart, ...]:
        """The pictures, with their values as they are painted."""
        shown = self._shown
        if shown is None:
            return ()
        tops, width = self._tops(), float(self.width())
        pictures = [
            PaintedPart(key, QRectF(0, tops[key], width, tops["picture"]), values.T)
            for key, values in (("forward", shown.forward), ("backward", shown.backward))
        ]
        strips = [
            PaintedPart(key, QRectF(0, tops[key], width, STRIP_PX), values.reshape(1, -1))
            for key, values in (("last_output", shown.last_output), ("last_states", shown.last_states))
        ]
        return (*pictures, *strips)

    def frames(self) -> tuple[tuple[str, QRectF], ...]:
        """The columns that the summaries are read from: (summary, where), forward, then backward."""
        shown = self._shown
        if shown is None:
            return ()
        parts = {part.key: part.place for part in self.parts()}
        last = shown.steps - 1
        read = [
            ("last_output", "forward", last),
            ("last_output", "backward", last),
            ("last_states", "forward", last),
            ("last_states", "backward", 0),
        ]
        return tuple((summary, self._column(parts[key], step, shown.steps)) for summary, key, step in read)

    @staticmethod
    def _column(picture: QRectF, step: int, steps: int) -> QRectF:
        """A time step of a picture, wide enough to be seen."""
        width = picture.width() / steps
        wide = max(width, FRAME_PX)
        left = min(max(picture.left() + (step + 0.5) * width - wide / 2, picture.left()), picture.right() - wide)
        return QRectF(left, picture.top(), wide, picture.height())

    # --- painting

    def _words(self) -> dict[str, str]:
        return {
            "forward": self.tr("Forward, reads from t = 1 on"),
            "backward": self.tr("Backward, reads from the last step on"),
            "last_output": self.tr("Last output"),
            "last_states": self.tr("Last hidden state of each direction"),
        }

    @staticmethod
    def colour(summary: str) -> QColor:
        """Of a summary, its frames and its name."""
        return theme().accent if summary == "last_output" else theme().window

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self._shown
        if shown is None:
            return
        painter, now, words = QPainter(self), theme(), self._words()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(PX))
        for part in self.parts():
            head = QRectF(0, part.place.top() - LINE_PX, self.width(), LINE_PX)
            left = 0.0
            if part.key in ("last_output", "last_states"):
                painter.fillRect(QRectF(0, head.center().y() - 4, 8, 8), self.colour(part.key))
                left = 13.0
            code = {"last_output": "output[:, −1]", "last_states": "h_n"}.get(part.key, "")
            room = self.width() - left - measure_of(PX).horizontalAdvance(code) - (6 if code else 22)
            painter.setPen(now.text)
            name = measure_of(PX).elidedText(words[part.key], Qt.TextElideMode.ElideRight, room)
            painter.drawText(head.adjusted(left, 0, 0, 0), LEFT, name)
            painter.setPen(now.muted)
            painter.drawText(head, RIGHT, code)
            if not code:
                self._paint_way(painter, head, forward=part.key == "forward")
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            painter.drawImage(part.place, _image(part.values, shown.most))
            painter.setPen(QPen(now.line, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(part.place.adjusted(0.5, 0.5, -0.5, -0.5))
            if code:
                self._paint_halves(painter, part)
        for summary, frame in self.frames():
            inside = 0.0 if summary == "last_output" else 2.0
            painter.setPen(QPen(self.colour(summary), 2))
            painter.drawRect(frame.adjusted(1 + inside, 1 + inside, -1 - inside, -1 - inside))

    def _paint_way(self, painter: QPainter, head: QRectF, *, forward: bool) -> None:
        """An arrow in the direction of reading."""
        y, right = head.center().y(), head.right() - 1
        start, end = (right - 18, right) if forward else (right, right - 18)
        ahead = 5 if forward else -5
        painter.setPen(QPen(theme().muted, 1.4))
        painter.setBrush(theme().muted)
        painter.drawLine(QPointF(start, y), QPointF(end, y))
        painter.drawPolygon(QPolygonF([QPointF(end, y), QPointF(end - ahead, y - 3), QPointF(end - ahead, y + 3)]))

    def _paint_halves(self, painter: QPainter, part: PaintedPart) -> None:
        """How many steps each half has read, below it, and the line between them."""
        now, steps = theme(), self.steps_read(part.key)
        middle = part.place.center().x()
        painter.setPen(QPen(now.text, 1))
        painter.drawLine(QPointF(middle, part.place.top() - 2), QPointF(middle, part.place.bottom() + 2))
        for number, count in enumerate(steps):
            half = QRectF(part.place.left() + number * middle, part.place.bottom(), middle, LINE_PX)
            painter.setPen(now.warn if count < steps[0] else now.muted)
            wordings = self.half_text(number, count), self.half_text(number, count, brief=True)
            fitting = (text for text in wordings if measure_of(PX).horizontalAdvance(text) <= half.width() - 4)
            painter.drawText(half, Qt.AlignmentFlag.AlignCenter, next(fitting, wordings[-1]))

    def steps_read(self, summary: str) -> tuple[int, int]:
        """Of the forward and the backward half."""
        assert self._shown is not None
        steps = self._shown.steps
        return (steps, 1) if summary == "last_output" else (steps, steps)

    def half_text(self, number: int, steps: int, *, brief: bool = False) -> str:
        """What the forward half, 0, or the backward one has read."""
        if brief:
            text = self.tr("1 step") if steps == 1 else self.tr("{steps} steps")
        elif number:
            text = self.tr("backward: 1 step read") if steps == 1 else self.tr("backward: {steps} steps read")
        else:
            text = self.tr("forward: 1 step read") if steps == 1 else self.tr("forward: {steps} steps read")
        return text.format(steps=full_count(steps))

    # --- words

    def _describe(self, shown: BothDirections) -> None:
        told = []
        for summary in ("last_output", "last_states"):
            halves = (self.half_text(number, steps) for number, steps in enumerate(self.steps_read(summary)))
            told.append(f"{self._words()[summary]}: {', '.join(halves)}")
        self.setAccessibleDescription("; ".join(told))

    def event(self, event: QEvent) -> bool:
        """Show a tooltip with the value under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._told_at(QPointF(event.pos())), self)
            return True
        if event.type() == QEvent.Type.LanguageChange:
            self.setAccessibleName(self.tr("Both directions, and what is read from them"))
            if self._shown is not None:
                self._describe(self._shown)
            self.update()
        return super().event(event)

    def _told_at(self, point: QPointF) -> str:
        for part in self.parts():
            if part.place.contains(point):
                rows, columns = part.values.shape
                row = min(int((point.y() - part.place.top()) / part.place.height() * rows), rows - 1)
                column = min(int((point.x() - part.place.left()) / part.place.width() * columns), columns - 1)
                place = (
                    f"h[{row + 1}], t = {full_count(column + 1)}"
                    if rows > 1 or part.key in ("forward", "backward")
                    else f"[{column + 1}]"
                )
                return f"{place}: {measured(float(part.values[row, column]))}"
        return ""


def _image(values: NDArray[np.float32], most: float) -> QImage:
    """Values as colours, zero in the middle; what is not finite is grey."""
    finite = np.isfinite(values)
    shares = np.where(finite, values, 0.0).astype(np.float64) / most
    colours = diverging()[np.rint((np.clip(shares, -1, 1) + 1) * 127.5).astype(np.int64)]
    colours = np.ascontiguousarray(np.where(finite, colours, np.uint32(0xFF808080)).astype(np.uint32))
    height, width = colours.shape
    return QImage(colours.tobytes(), width, height, 4 * width, QImage.Format.Format_RGB32).copy()
