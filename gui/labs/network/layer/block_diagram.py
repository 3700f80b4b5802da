"""The drawing of a block with layers inside: what arrives, its branches side by side, how they become one, what leaves.

It paints a `BlockPlan` in one pass and knows no network. Shown in the chosen layer's card and beside a comparison.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.figures import shape_text
from engine.layers.base import Shape
from gui.labs.network.layer.block_plan import BlockPlan, Lane, Step
from gui.shell.theme import THEME, font, theme
from gui.widgets.labels import wrapped
from gui.widgets.stack.stack_painting import measure_of

PX, LINE_PX, PAD_PX, SIDE_PX, WAY_PX = 11, 15, 4, 1, 10  # of a text, its line, around it in a box, between boxes
GAP_PX, LEAST_PX, WIDEST_PX = 4, 54, 168  # between lanes; of a lane
END_PX, RING_PX = 20, 22  # the shapes at both ends; the ring of a sum
MOST_STEPS = 9

T = TypeVar("T")


@dataclass(frozen=True)
class Box:
    """A box of the drawing with its lines of text, the last `quiet` of them in grey. Without a step it represents several."""

    place: QRectF
    lines: tuple[str, ...]
    quiet: int = 0
    step: Step | None = None


def without_middle(items: Sequence[T], most: int) -> tuple[tuple[T, ...], int, tuple[T, ...]]:
    """The first items, how many are left out after them, and the last one. With at most `most` items: all, 0 and none."""
    if len(items) <= most:
        return tuple(items), 0, ()
    first = max(most - 2, 1)
    return tuple(items[:first]), len(items) - first - 1, tuple(items[-1:])


class BlockDiagram(QWidget):
    """`show_plan` draws a plan. The drawing is as tall as it needs to be."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan = BlockPlan(None, (), "chain", None)
        self._boxes: tuple[Box, ...] = ()
        self._ways: tuple[QLineF, ...] = ()
        self._texts: tuple[tuple[QRectF, str], ...] = ()
        self._given: tuple[tuple[QRectF, str], ...] = ()  # what leaves the lanes
        self._join = QRectF()
        self._ends: tuple[tuple[QRectF, Shape | None], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        THEME.changed.connect(self.update)

    def show_plan(self, plan: BlockPlan) -> None:
        if plan != self._plan:
            self._plan = plan
            self._describe()
            self._arrange()

    @property
    def texts(self) -> tuple[str, ...]:
        """All texts of the drawing."""
        boxes = (line for box in self._boxes for line in box.lines)
        return (
            *boxes,
            *(text for _, text in (*self._texts, *self._given)),
            *(shape_text(shape, tight=True) for _, shape in self._ends),
        )

    @property
    def boxes(self) -> tuple[Box, ...]:
        return self._boxes

    # --- layout

    def sizeHint(self) -> QSize:
        return QSize(240, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arrange()

    def _arrange(self) -> None:
        plan, width = self._plan, float(self.width())
        first, left_out, last = without_middle(plan.lanes, max(2, int((width + GAP_PX) // (LEAST_PX + GAP_PX))))
        count = len(first) + len(last) + bool(left_out)
        across = min((width - GAP_PX * (count - 1)) / max(count, 1), WIDEST_PX)
        start = (width - count * across - GAP_PX * (count - 1)) / 2
        middle = width / 2
        titled = any(lane.title for lane in plan.lanes)
        fork = END_PX + WAY_PX
        top = fork + (LINE_PX if titled else 0) + (WAY_PX if plan.join != "chain" else 0)
        boxes, ways, ends = list[Box](), list[QLineF](), list[tuple[QRectF, Shape | None]]()
        texts, given = list[tuple[QRectF, str]](), list[tuple[QRectF, str]]()
        lanes: list[Lane | None] = [*first, *([None] if left_out else []), *last]
        heights, centres = list[float](), list[float]()
        for number, lane in enumerate(lanes):
            left = start + number * (across + GAP_PX)
            centres.append(left + across / 2)
            if lane is None:
                texts.append((QRectF(left, top, across, LINE_PX), f"… {left_out} …"))
                heights.append(top + LINE_PX)
                continue
            if titled:
                texts.append((QRectF(left, top - LINE_PX, across, LINE_PX), lane.title))
            made = self._lane_boxes(lane, QRectF(left, top + 2, across, 0))
            boxes += made
            ways += [
                QLineF(a.place.center().x(), a.place.bottom(), b.place.center().x(), b.place.top()) for a, b in pairwise(made)
            ]
            heights.append(made[-1].place.bottom() if made else top)
        bottom = max(heights, default=fork)
        if plan.join == "chain":
            joined = bottom
            ways += [QLineF(x, END_PX, x, top + 2) for x in centres]
            self._join = QRectF()
        else:
            joined = bottom + WAY_PX + LINE_PX
            ways.append(QLineF(middle, END_PX, middle, fork))
            if centres:
                ways.append(QLineF(min(*centres, middle), fork, max(*centres, middle), fork))
            for lane, x, end in zip(lanes, centres, heights, strict=True):
                if lane is None:
                    continue
                ways.append(QLineF(x, fork, x, fork + WAY_PX - 4 if titled else top + 2))
                ways.append(QLineF(x, end if lane.steps else top, x, joined - LINE_PX))
                place = QRectF(x - across / 2, joined - LINE_PX, across, LINE_PX)
                given.append((place, self._shape_text(lane.output, across)))
            if plan.join == "add":
                joined += 4
                if centres:
                    ways.append(QLineF(min(*centres, middle), joined, max(*centres, middle), joined))
                self._join = QRectF(middle - RING_PX / 2, joined, RING_PX, RING_PX).translated(0, WAY_PX / 2)
                ways.append(QLineF(middle, joined, middle, self._join.top()))
            else:
                self._join = QRectF(start, joined + 2, width - 2 * start, LINE_PX + PAD_PX)
            joined = self._join.bottom()
        ends.append((QRectF(0, 0, width, END_PX), plan.input))
        ways.append(QLineF(middle, joined, middle, joined + WAY_PX))
        ends.append((QRectF(0, joined + WAY_PX, width, END_PX), plan.output))
        self._boxes, self._texts, self._given = tuple(boxes), tuple(texts), tuple(given)
        self._ways, self._ends = tuple(ways), tuple(ends)
        self.setFixedHeight(int(joined + WAY_PX + END_PX) + 1)
        self.update()

    def _lane_boxes(self, lane: Lane, place: QRectF) -> list[Box]:
        """The boxes of a branch's layers, from the top of `place` down; one box for all that are left out."""
        first, left_out, last = without_middle(lane.steps, MOST_STEPS)
        boxes, y = list[Box](), place.top()
        came: Shape | None = self._plan.input

        def put(lines: tuple[str, ...], quiet: int, step: Step | None) -> None:
            nonlocal y
            height = len(lines) * LINE_PX + 2 * PAD_PX
            boxes.append(Box(QRectF(place.left(), y, place.width(), height), lines, quiet, step))
            y += height + WAY_PX

        for step in first:
            put(*self._lines(step, came, step is lane.steps[-1], place.width()), step)
            came = step.output
        if left_out:
            put((self.tr("… {count} layers …").format(count=left_out),), 1, None)
            came = lane.steps[-2].output
        for step in last:
            put(*self._lines(step, came, True, place.width()), step)
        return boxes

    def _lines(self, step: Step, came: Shape | None, is_last: bool, width: float) -> tuple[tuple[str, ...], int]:
        """A layer's name, in several lines where it is too wide, and the new shape where the layer changes it. The shape that
        leaves the last layer is written below the lane."""
        measure, room = measure_of(PX), width - 2 * SIDE_PX
        lines = [step.text]
        if measure.horizontalAdvance(step.text) > room:
            kind, _, rest = step.text.partition(" ")
            if measure.horizontalAdvance(kind) > room:
                kind = re.sub(r"\dd$", "", kind)  # BatchNorm2d, then Batch Norm
            if measure.horizontalAdvance(kind) > room:
                kind = re.sub("(?<=[a-z])(?=[A-Z])", " ", kind)
            lines = [*wrapped(kind, measure, room), *(wrapped(rest, measure, room) if rest else ())]
        changes = step.output != came and not (is_last and self._plan.join != "chain")
        return (*lines, self._shape_text(step.output, width)) if changes else tuple(lines), int(changes)

    @staticmethod
    def _shape_text(shape: Shape | None, width: float) -> str:
        """A shape, or its channels where it is too wide."""
        text = shape_text(shape, tight=True)
        return text if shape is None or measure_of(PX).horizontalAdvance(text) <= width else f"C {shape[0]}"

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, now, plan = QPainter(self), theme(), self._plan
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(PX))
        painter.setPen(QPen(now.muted, 1))
        painter.drawLines(list(self._ways))
        for box in self._boxes:
            if box.step is not None:
                painter.setPen(QPen(now.line, 1))
                painter.setBrush(now.ground)
                painter.drawRoundedRect(box.place.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
            for number, line in enumerate(box.lines):
                place = QRectF(box.place.left(), box.place.top() + PAD_PX + number * LINE_PX, box.place.width(), LINE_PX)
                painter.setPen(now.muted if number >= len(box.lines) - box.quiet else now.text)
                self._write(painter, place.adjusted(SIDE_PX, 0, -SIDE_PX, 0), line)
        for colour, texts in ((now.muted, self._texts), (now.warn if plan.broken else now.muted, self._given)):
            painter.setPen(colour)
            for place, text in texts:
                self._write(painter, place, text)
        self._paint_join(painter)
        painter.setFont(font(12, bold=True))
        painter.setPen(now.text)
        for place, shape in self._ends:
            self._write(painter, place, shape_text(shape), 12)

    def _paint_join(self, painter: QPainter) -> None:
        now, plan = theme(), self._plan
        colour = now.warn if plan.broken else now.accent
        painter.setPen(QPen(colour, 1.6))
        painter.setBrush(now.warn_ground if plan.broken else now.accent_ground)
        if plan.join == "add":
            painter.drawEllipse(self._join.adjusted(1, 1, -1, -1))
            centre, arm = self._join.center(), RING_PX / 2 - 5
            painter.drawLine(centre - QPointF(arm, 0), centre + QPointF(arm, 0))
            painter.drawLine(centre - QPointF(0, arm), centre + QPointF(0, arm))
        elif plan.join == "concat":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(self._join, 5, 5)
            painter.setPen(colour)
            self._write(painter, self._join, "concat")

    @staticmethod
    def _write(painter: QPainter, place: QRectF, text: str, px: int = PX) -> None:
        fitted = measure_of(px, px != PX).elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, fitted)

    # --- words

    def _describe(self) -> None:
        """Tell a screen reader the block."""
        plan = self._plan
        lanes = (
            " ".join(
                filter(None, (lane.title, ", ".join(step.text for step in lane.steps), shape_text(lane.output, tight=True)))
            )
            for lane in plan.lanes
        )
        joins = {"add": self.tr("added up"), "concat": self.tr("put one behind the other"), "chain": ""}
        joined = self.tr("do not come together") if plan.broken else joins[plan.join]
        said = (shape_text(plan.input, tight=True), *lanes, joined, shape_text(plan.output, tight=True))
        self.setAccessibleName("; ".join(filter(None, said)))

    def event(self, event: QEvent) -> bool:
        """Show a tooltip with the full text of a box."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            box = next((box for box in self._boxes if box.place.contains(QPointF(event.pos()))), None)
            text = "" if box is None or box.step is None else f"{box.step.text}\n{shape_text(box.step.output, tight=True)}"
            QToolTip.showText(event.globalPos(), text, self)
            return True
        if event.type() == QEvent.Type.LanguageChange:
            self._arrange()
        return super().event(event)
