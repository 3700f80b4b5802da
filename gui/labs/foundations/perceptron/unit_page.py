"""One perceptron: its line in the plane, its sum with today's numbers, its truth table.

In the plane the ring is the input, the arrow the weights: its tip turns the line, the square on the line moves it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from engine.figures import measured
from engine.foundations.boards.perceptron.perceptron_numbers import (
    GATE_CORNERS,
    TRUTHS,
    TwoLayers,
    corrected,
    gate_rows,
    line_foot,
    through,
    unit_sum,
)
from engine.foundations.perceptrons import Perceptron
from gui.labs.foundations.perceptron.parts_grid import PartsGrid, TitledSection
from gui.labs.foundations.perceptron.state import LogicGate, PerceptronState
from gui.labs.foundations.perceptron.unit_drawing import DrawnUnit, UnitDrawing, sum_in_words
from gui.labs.foundations.topic_board import TopicFigure, TopicPage
from gui.plots.graphs.graph_parts import GraphArrow, GraphField, GraphHandle, GraphLine, GraphPicture, GraphPoints
from gui.plots.graphs.graph_plot import GraphPlot
from gui.plots.matrices.plane_plot import unit_lines
from gui.widgets.figures.figure_table import FigureTable
from gui.widgets.labels import label, set_text

LIMITS = (-0.5, 1.5)
ARROW_SHARE = 0.5  # of the weights' length, so that the arrow stays in the plane
PLANE_MARGINS = (40.0, 4.0, 10.0, 34.0)
SNAP = 0.12  # a click so near to a corner means it
GRID = 100
_AXIS = np.linspace(LIMITS[0] + 0.01, LIMITS[1] - 0.01, GRID)
PLACES = np.stack(np.meshgrid(_AXIS, _AXIS), axis=-1)  # (GRID, GRID, 2), from below


@lru_cache(maxsize=32)
def fires_field(unit: Perceptron | TwoLayers) -> GraphField:
    """Where a unit or a network fires, in the colours of the classes; the same object for the same weights."""
    ends = float(_AXIS[0]), float(_AXIS[-1])
    return GraphField(unit.fires(PLACES).astype(np.float64), ends, ends, "classes", strength=0.35)


def unit_line(name: str, unit: Perceptron, *, colour: int = 2, dashed: int = 0) -> GraphLine:
    """The line of a unit through the plane; none where there is none."""
    ends = unit_lines(np.array([[*unit.weights, unit.bias]], np.float64), LIMITS, LIMITS).reshape(-1, 2)
    return GraphLine(name, ends[:, 0], ends[:, 1], colour=colour, dashed=dashed, told=False)


def gate_points(gate: LogicGate) -> tuple[GraphPoints, GraphPoints]:
    """The corners by what the gate answers there."""
    of_class = [
        [corner for corner, wanted in zip(GATE_CORNERS, TRUTHS[gate], strict=True) if wanted == number] for number in (0, 1)
    ]
    return (
        GraphPoints(f"{gate} = 0", [x for x, _ in of_class[0]], [y for _, y in of_class[0]], 0, "dot", px=10),
        GraphPoints(f"{gate} = 1", [x for x, _ in of_class[1]], [y for _, y in of_class[1]], 1, "square", px=10),
    )


def snapped(x: float, y: float) -> tuple[float, float]:
    """A place of the plane: the corner beside it, or two digits of it."""
    corner = round(x), round(y)
    if abs(x - corner[0]) <= SNAP and abs(y - corner[1]) <= SNAP and set(corner) <= {0, 1}:
        return float(corner[0]), float(corner[1])
    return round(x, 2), round(y, 2)


class UnitPage(TopicPage):
    def __init__(self) -> None:
        super().__init__()
        self._state = PerceptronState()
        self.plane, self.drawing, self.table = GraphPlot(), UnitDrawing(), FigureTable()
        self.plane.export_name = "perceptron"
        self.plane.margins = PLANE_MARGINS
        self.plane.handle_moved.connect(self._handle_moved)
        self.plane.clicked.connect(self._clicked)
        self.sum, self.verdict = label("worked", wraps=True), label("accent", wraps=True)
        self.parts = TitledSection(), TitledSection(), TitledSection()
        self.parts[0].body.addWidget(self.plane)
        self.parts[1].body.addWidget(self.drawing, 1)
        self.parts[1].body.addWidget(self.sum)
        self.parts[2].body.addWidget(self.table)
        self.parts[2].body.addWidget(self.verdict)
        self.correct = QPushButton()
        self.correct.setProperty("role", "compact")
        self.correct.clicked.connect(self._correct)
        row = QHBoxLayout()
        row.addWidget(self.correct)
        row.addStretch(1)
        self.parts[2].body.addLayout(row)
        self.parts[2].body.addStretch(1)
        self.grid = PartsGrid()
        self.grid.set_parts(self.parts)
        self.column.addWidget(self.grid)
        self.retranslate()

    def show_page(self, state: PerceptronState) -> None:
        self._state = state
        unit, x = state.unit, (state.x1, state.x2)
        now = unit_sum(unit, x)
        drawn = DrawnUnit(now.terms, now.total, float(now.fires))
        self.drawing.show_unit(drawn)
        sign = ">" if now.fires else "≤"
        set_text(self.sum, f"{sum_in_words(drawn)} {sign} 0 → y = {now.fires}")
        self._draw_plane(unit)
        self._write_table()

    def _draw_plane(self, unit: Perceptron) -> None:
        state = self._state
        foot = line_foot(unit, (0.5, 0.5))
        arrows: tuple[GraphArrow, ...] = ()
        handles: tuple[GraphHandle, ...] = ()
        if foot is not None:
            across, up = (ARROW_SHARE * weight for weight in unit.weights)
            arrows = (GraphArrow("", *foot, across, up, "text"),)
            handles = (
                GraphHandle("weights", self.tr("weights (w₁, w₂)"), foot[0] + across, foot[1] + up, colour="text"),
                GraphHandle("line", self.tr("the line"), *foot, colour=2),
            )
        self.plane.show_picture(
            GraphPicture(
                lines=(unit_line("Σ = 0", unit),),
                points=gate_points(state.gate),
                arrows=arrows,
                handles=(GraphHandle("input", self.tr("the input"), state.x1, state.x2), *handles),
                field=fires_field(unit),
                x=LIMITS,
                y=LIMITS,
                x_name="x₁",
                y_name="x₂",
                square=True,
                tip=self._told,
            )
        )

    def _told(self, x: float, y: float) -> str:
        now = unit_sum(self._state.unit, (x, y))
        place = f"x₁ = {measured(x, 3)}, x₂ = {measured(y, 3)}"
        return f"{place}\nΣ = {measured(now.total)} → y = {now.fires}"

    def _write_table(self) -> None:
        state = self._state
        rows = gate_rows(state.unit, state.gate)
        right, wrong = self.tr("right"), self.tr("wrong")
        lines = [
            [
                f"{row.x[0]}, {row.x[1]}",
                measured(row.total),
                str(row.fires),
                str(row.wanted),
                right if row.is_right else wrong,
            ]
            for row in rows
        ]
        self.table.set_rows([["x₁, x₂", "Σ", "y", state.gate, " "], *lines])
        count = sum(row.is_right for row in rows)
        said = self.tr("{count} of 4 right")
        if state.gate == "XOR":
            said = self.tr("{count} of 4 right. One line is right at 3 corners at most.")
        set_text(self.verdict, said.format(count=count))
        self.correct.setEnabled(count < 4)

    def page_answers(self, state: PerceptronState) -> Sequence[TopicFigure]:
        now = unit_sum(state.unit, (state.x1, state.x2))
        rows = gate_rows(state.unit, state.gate)
        return (
            (self.tr("Sum"), measured(now.total), "w₁x₁ + w₂x₂ + b"),
            (
                self.tr("Output"),
                str(now.fires),
                self.tr("the sum is above 0") if now.fires else self.tr("the sum is not above 0"),
            ),
            (self.tr("Threshold"), measured(-state.b), self.tr("w₁x₁ + w₂x₂ must be above it")),
            (state.gate, self.tr("{count} of 4").format(count=sum(row.is_right for row in rows)), self.tr("corners right")),
        )

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.correct.setText(self.tr("Correct one corner"))
        self.correct.setToolTip(self.tr("The perceptron rule: w + rate · (t − y) · x for the first corner that is wrong."))
        titles = self.tr("The plane of the inputs"), self.tr("The unit"), self.tr("Truth table")
        for part, title in zip(self.parts, titles, strict=True):
            part.set_title(title)
        self.show_page(self._state)

    # --- the hand

    def _correct(self) -> None:
        state = self._state
        wrong = next((row for row in gate_rows(state.unit, state.gate) if not row.is_right), None)
        if wrong is None:
            return
        unit = corrected(state.unit, wrong.x, wrong.wanted, state.correction)
        w1, w2 = unit.weights
        x1, x2 = (float(value) for value in wrong.x)
        self.edited.emit({"w1": _in_range(w1), "w2": _in_range(w2), "b": _in_range(unit.bias), "x1": x1, "x2": x2})

    def _clicked(self, x: float, y: float) -> None:
        x1, x2 = snapped(x, y)
        self.edited.emit({"x1": x1, "x2": x2})

    def _handle_moved(self, key: str, x: float, y: float) -> None:
        unit = self._state.unit
        match key:
            case "input":
                self._clicked(x, y)
            case "line":
                self.edited.emit({"b": _hand(through(unit, x, y))})
            case "weights":
                foot = line_foot(unit, (0.5, 0.5))
                if foot is None:
                    return
                w1, w2 = _hand((x - foot[0]) / ARROW_SHARE), _hand((y - foot[1]) / ARROW_SHARE)
                if (w1, w2) != (0.0, 0.0):  # an arrow of no length could not be taken again
                    self.edited.emit({"w1": w1, "w2": w2, "b": _hand(through(Perceptron((w1, w2), 0.0), *foot))})


def _in_range(value: float) -> float:
    return round(min(max(value, -10.0), 10.0), 4)


def _hand(value: float) -> float:
    """A weight as the hand sets it: two digits."""
    return round(_in_range(value), 2)
