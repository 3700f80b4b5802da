"""The plane of a board: what a network answers everywhere, its boundary, and points that are added, moved and removed.

A click adds a point, dragging moves one, a right click or Delete removes it; Enter adds one at the cursor. The view only says
what is wanted. Over the boundary it draws lines that the board gives it: contours of a probability, the line of a product of
matrices.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainterPath
from PySide6.QtWidgets import QGraphicsPathItem, QToolTip, QWidget

from engine.foundations.boards.perceptron.plane_networks import PlaneJudged
from engine.foundations.unit_functions import RealArray
from engine.judging.decision_plane import DecisionPlane, PlanePoints, above_others
from gui.labs.foundations.perceptron.plane_points import SIDE, PlaneScene
from gui.plots.look import line_path, pen_of, wide_pen
from gui.plots.matrices.plane_plot import PlanePlot, unit_lines
from gui.plots.numbers.contour import zero_lines
from gui.plots.numbers.reduction import Outline
from gui.shell.theme import theme

GRASP_PX = 8.0  # so near to a point the mouse takes it
CLICK_PX = 4.0  # a press that moved less is a click
_NO_POINTS = PlanePoints(np.zeros((0, 2), np.float32), np.zeros(0, np.int64), np.zeros(0, np.int64), 0)


class DrawnPlane(NamedTuple):
    """What is shown. `scores` and `shares` (SIDE · SIDE, K) are the classes' scores and probabilities at the grid's places,
    `judged` the answers for the points. Lines w₁, w₂, b: thin ones of `units` (units, 3), those of probabilities `levels`
    (levels, 3), and in the accent's colour `straight`, beside the lines on which the fields `bent` (SIDE · SIDE,) are 0."""

    scene: PlaneScene
    scores: RealArray
    shares: RealArray
    judged: PlaneJudged
    units: RealArray | None = None
    levels: RealArray | None = None
    straight: tuple[float, float, float] | None = None
    bent: tuple[RealArray, ...] = ()


@dataclass(frozen=True, eq=False)
class ScoredPlane(DecisionPlane):
    """A plane whose boundary is found by the scores: those of a network without activation functions are straight from place to
    place, where probabilities are not. Equal scores are equal probabilities."""

    scores: RealArray  # (SIDE, SIDE, classes)

    def margins(self) -> NDArray[np.float32]:
        return above_others(self.scores)


def drawn_as_plane(drawn: DrawnPlane) -> ScoredPlane:
    """The same as the plot of all decision planes has it."""
    scene, part = drawn.scene, drawn.scene.part
    points = PlanePoints(
        part.x.astype(np.float32), part.t, part.t, len(part.x)
    )  # the colour behind a point says what it is taken for
    return ScoredPlane(
        "classification",
        tuple(str(number) for number in range(scene.classes)),
        "probabilities",
        scene.axis,
        scene.axis,
        drawn.shares.reshape(SIDE, SIDE, -1).astype(np.float32, copy=False),
        drawn.units,
        points,
        _NO_POINTS,
        0.0,
        False,
        drawn.scores.reshape(SIDE, SIDE, -1),
    )


class PlaneView(PlanePlot):
    """`show_drawn` shows a DrawnPlane. `set_teller` gives what the tooltip says of a cell of the grid."""

    point_added = Signal(float, float)
    point_moved = Signal(int, float, float)  # its number, and where it is dragged to
    point_removed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drawn: DrawnPlane | None = None
        self._tell_of: Callable[[int, int], str] | None = None
        self._held: int | None = None  # the point that is dragged
        self._pressed_at: QPointF | None = None
        self.contours, self.straight, self.pointed = QGraphicsPathItem(), QGraphicsPathItem(), QGraphicsPathItem()
        for height, item in ((3, self.contours), (4, self.straight), (5, self.pointed)):
            item.setZValue(height)
            self.add_item(item)
        self.restyle()

    def show_drawn(self, drawn: DrawnPlane) -> None:
        gone = self.drawn is not None and len(drawn.scene.part.x) < len(self.drawn.scene.part.x)
        self.drawn = drawn
        if gone and not self._by_keys:
            self._move_place(None)  # the square around a point that has been taken back
        self.set_plane(drawn_as_plane(drawn))

    def set_teller(self, tell: Callable[[int, int], str]) -> None:
        self._tell_of = tell

    def point_out(self, line: tuple[float, float, float] | None) -> None:
        """Draw one line (w₁, w₂, b) in the accent's colour, or none."""
        pieces = [] if line is None else [unit_lines(np.array([line]), *self.limits)]
        self.pointed.setPath(_lines_path(pieces))

    # --- drawing

    def draw(self) -> None:
        super().draw()
        if not hasattr(self, "pointed"):  # the plot draws in its constructor
            return
        drawn = self.drawn
        if drawn is None:
            return
        axis = drawn.scene.axis
        self.contours.setPath(_lines_path([] if drawn.levels is None else [unit_lines(drawn.levels, *self.limits)]))
        pieces = [zero_lines(field.reshape(SIDE, SIDE), axis, axis) for field in drawn.bent]
        if drawn.straight is not None:
            pieces.append(unit_lines(np.array([drawn.straight]), *self.limits))
        self.straight.setPath(_lines_path(pieces))

    def restyle(self) -> None:
        if hasattr(self, "pointed"):
            self.contours.setPen(pen_of(theme().text, opacity=0.45))
            pen = pen_of(theme().accent, dashes=(5.0, 4.0))
            pen.setWidthF(2.5)
            self.straight.setPen(pen)
            self.pointed.setPen(wide_pen(theme().accent, 3.0))
        super().restyle()

    def _tell(self, plane: DecisionPlane) -> None:
        if self.drawn is not None:
            right = round(self.drawn.judged.accuracy * len(self.drawn.scene.part.x))
            self.describe(
                self.tr("{right} of {total} points on their side of the boundary").format(
                    right=right, total=len(self.drawn.scene.part.x)
                )
            )

    # --- the points under the hand

    def point_at(self, at: QPointF) -> int | None:
        """The number of the point at a pixel of the widget."""
        if self.drawn is None or not len(self.drawn.scene.part.x):
            return None
        here = np.array(self.place_at(at))
        apart = np.hypot(*((self.drawn.scene.part.x - here) / np.array(self.pixel)).T)
        nearest = int(apart.argmin())
        return nearest if apart[nearest] <= GRASP_PX else None

    def pressed(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self.area.contains(event.position()):
            return
        self._pressed_at = event.position()
        self._held = self.point_at(event.position())

    def moved(self, event: QMouseEvent) -> None:
        super().moved(event)
        at = event.position()
        if self._held is not None and event.buttons() & Qt.MouseButton.LeftButton:
            if self._pressed_at is None or _apart(at, self._pressed_at) > CLICK_PX:
                self._pressed_at = None
                self.point_moved.emit(self._held, *self.place_at(at))
            return
        grasps = self.point_at(at) is not None
        wanted = Qt.CursorShape.OpenHandCursor if grasps else Qt.CursorShape.CrossCursor
        if self.area.contains(at) and self.viewport().cursor().shape() != wanted:
            self.viewport().setCursor(wanted)
        if self._tell_of is not None and self.place is not None:
            QToolTip.showText(event.globalPosition().toPoint(), self._tell_of(*self.place), self)

    def released(self, event: QMouseEvent) -> None:
        pressed, held, self._pressed_at, self._held = self._pressed_at, self._held, None, None
        if event.button() != Qt.MouseButton.LeftButton or pressed is None or held is not None:
            return
        if _apart(event.position(), pressed) <= CLICK_PX:
            self.point_added.emit(*self.place_at(event.position()))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """A right click on a point removes it; elsewhere it is the menu's."""
        number = None
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            number = self.point_at(QPointF(event.pos()))
        if number is None:
            super().contextMenuEvent(event)
            return
        self.point_removed.emit(number)
        event.accept()

    def keys(self) -> frozenset[int]:
        return super().keys() | {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Delete}

    def key(self, event: QKeyEvent) -> bool:
        if self.plane is not None and self.place is not None:
            match Qt.Key(event.key()):
                case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    row, column = self.place
                    self.point_added.emit(float(self.plane.across[column]), float(self.plane.up[row]))
                    return True
                case Qt.Key.Key_Delete:
                    if (number := self.point_at(self.middle_of(*self.place))) is not None:
                        self.point_removed.emit(number)
                    return True
        return super().key(event)


def _apart(one: QPointF, other: QPointF) -> float:
    return float(np.hypot(one.x() - other.x(), one.y() - other.y()))


def _lines_path(pieces: list[NDArray[np.float64]]) -> QPainterPath:
    """Straight pieces (count, 2, 2) each, as one path."""
    ends = np.concatenate([np.zeros((0, 2, 2)), *pieces]).reshape(-1, 2)
    joined = np.arange(len(ends)) % 2 == 0
    return line_path(Outline(ends[:, 0].copy(), ends[:, 1].copy(), joined))
