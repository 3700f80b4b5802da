"""Two layers of perceptrons for XOR: the line of each hidden unit, the plane of the hidden units' answers, in which a third
line is enough, and the truth table of all three units."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QGridLayout

from engine.figures import measured
from engine.foundations.boards.perceptron.perceptron_numbers import LayersRow, layers_rows
from gui.labs.foundations.perceptron.network_drawing import DrawnNetwork, DrawnNode, NetworkDrawing
from gui.labs.foundations.perceptron.parts_grid import TitledSection
from gui.labs.foundations.perceptron.state import PerceptronState
from gui.labs.foundations.perceptron.unit_page import LIMITS, PLANE_MARGINS, fires_field, gate_points, snapped, unit_line
from gui.labs.foundations.topic_board import TopicFigure, TopicPage
from gui.plots.graphs.graph_parts import GraphHandle, GraphPicture, GraphPoints, GraphText
from gui.plots.graphs.graph_plot import GraphPlot
from gui.widgets.figures.figure_table import FigureTable
from gui.widgets.labels import label, set_text

GAP_PX = 12


class TwoLayersPage(TopicPage):
    def __init__(self) -> None:
        super().__init__()
        self._state = PerceptronState(topic="xor")
        self.inputs, self.hidden = GraphPlot(), GraphPlot()
        self.drawing, self.table = NetworkDrawing(), FigureTable()
        self.verdict = label("accent", wraps=True)
        self.inputs.margins = self.hidden.margins = PLANE_MARGINS
        self.inputs.export_name, self.hidden.export_name = "xor inputs", "xor hidden units"
        self.inputs.handle_moved.connect(self._moved)
        self.inputs.clicked.connect(lambda x, y: self._moved("input", x, y))
        self.parts = TitledSection(), TitledSection(), TitledSection(), TitledSection()
        self.parts[0].body.addWidget(self.inputs)
        self.parts[1].body.addWidget(self.hidden)
        self.parts[2].body.addWidget(self.drawing)
        self.parts[3].body.addWidget(self.table)
        self.parts[3].body.addWidget(self.verdict)
        self.parts[3].body.addStretch(1)
        grid = QGridLayout()
        self.column.addLayout(grid)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GAP_PX)
        for number, part in enumerate(self.parts):
            grid.addWidget(part, number // 2, number % 2)
        grid.setRowStretch(0, 3)
        grid.setRowStretch(1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.retranslate()

    def show_page(self, state: PerceptronState) -> None:
        self._state = state
        rows = layers_rows(state.two_layers, "XOR")
        self._draw_inputs()
        self._draw_hidden(rows)
        self._draw_network()
        self._write_table(rows)

    def _draw_inputs(self) -> None:
        layers = self._state.two_layers
        self.inputs.show_picture(
            GraphPicture(
                lines=(unit_line("h₁", layers.first), unit_line("h₂", layers.second, colour=3, dashed=1)),
                points=gate_points("XOR"),
                handles=(GraphHandle("input", self.tr("the input"), self._state.x1, self._state.x2),),
                field=fires_field(layers),
                x=LIMITS,
                y=LIMITS,
                x_name="x₁",
                y_name="x₂",
                square=True,
                tip=self._told,
            )
        )

    def _told(self, x: float, y: float) -> str:
        layers = self._state.two_layers
        h = layers.hidden((x, y))
        place = f"x₁ = {measured(x, 3)}, x₂ = {measured(y, 3)}"
        return f"{place}\nh₁ = {h[0]}, h₂ = {h[1]} → y = {int(layers.output.fires(h))}"

    def _draw_hidden(self, rows: tuple[LayersRow, ...]) -> None:
        output = self._state.two_layers.output
        here = self._state.two_layers.hidden((self._state.x1, self._state.x2))
        met: dict[tuple[int, int], list[LayersRow]] = {}
        for row in rows:
            met.setdefault(row.hidden, []).append(row)
        points, texts = list[GraphPoints](), list[GraphText]()
        for wanted in (0, 1):
            own = [(place, found) for place, found in met.items() if any(row.wanted == wanted for row in found)]
            texts += [
                GraphText(
                    " ".join(f"({row.x[0]}, {row.x[1]})" for row in found if row.wanted == wanted),
                    place[0],
                    place[1] + 0.1,
                    beside="above",
                )
                for place, found in own
            ]
            points.append(
                GraphPoints(
                    f"XOR = {wanted}",
                    [place[0] for place, _ in own],
                    [place[1] for place, _ in own],
                    wanted,
                    "square" if wanted else "dot",
                    px=10,
                )
            )
        self.hidden.show_picture(
            GraphPicture(
                lines=(unit_line("y", output, colour=2),),
                points=(GraphPoints("", [int(here[0])], [int(here[1])], "accent", px=15, hollow=True), *points),
                texts=texts,
                field=fires_field(output),
                x=LIMITS,
                y=LIMITS,
                x_name="h₁",
                y_name="h₂",
                square=True,
                tip=lambda x, y: f"h₁ = {measured(x, 3)}, h₂ = {measured(y, 3)} → y = {int(output.fires((x, y)))}",
            )
        )

    def _draw_network(self) -> None:
        state, layers = self._state, self._state.two_layers
        x = (state.x1, state.x2)
        sums = float(layers.first.total(x)), float(layers.second.total(x))
        hidden = int(sums[0] > 0), int(sums[1] > 0)
        total = float(layers.output.total(hidden))
        fires = int(total > 0)
        columns = (
            tuple(DrawnNode(f"x{sign}", (measured(value),), value) for sign, value in zip("₁₂", x, strict=True)),
            tuple(
                DrawnNode(f"h{sign}", (f"Σ {measured(each)}", f"→ {lit}"), float(lit))
                for sign, each, lit in zip("₁₂", sums, hidden, strict=True)
            ),
            (DrawnNode("y", (f"Σ {measured(total)}", f"→ {fires}"), float(fires)),),
        )
        first = np.array([layers.first.weights, layers.second.weights], np.float64).T
        second = np.array([layers.output.weights], np.float64).T
        biases = np.array([layers.first.bias, layers.second.bias]), np.array([layers.output.bias])
        self.drawing.show_network(DrawnNetwork(columns, (first, second), biases, has_numbers=True))

    def _write_table(self, rows: tuple[LayersRow, ...]) -> None:
        right, wrong = self.tr("right"), self.tr("wrong")
        lines = [
            [
                f"{row.x[0]}, {row.x[1]}",
                f"{row.hidden[0]}",
                f"{row.hidden[1]}",
                measured(row.total),
                str(row.fires),
                str(row.wanted),
                right if row.is_right else wrong,
            ]
            for row in rows
        ]
        self.table.set_rows([["x₁, x₂", "h₁", "h₂", "Σ", "y", "XOR", " "], *lines])
        count = sum(row.is_right for row in rows)
        places = len({row.hidden for row in rows})
        set_text(
            self.verdict,
            self.tr("{count} of 4 right; {places} different points in the hidden plane").format(count=count, places=places),
        )

    def page_answers(self, state: PerceptronState) -> Sequence[TopicFigure]:
        layers = state.two_layers
        h = layers.hidden((state.x1, state.x2))
        fires = int(layers.output.fires(h))
        rows = layers_rows(layers, "XOR")
        return (
            (self.tr("Hidden units"), f"{h[0]}, {h[1]}", "h₁, h₂"),
            (self.tr("Output"), str(fires), f"x = ({measured(state.x1, 3)}, {measured(state.x2, 3)})"),
            (self.tr("Parameters"), "9", self.tr("three units of 3")),
            ("XOR", self.tr("{count} of 4").format(count=sum(row.is_right for row in rows)), self.tr("corners right")),
        )

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        titles = (
            self.tr("The plane of the inputs"),
            self.tr("The plane of the hidden units"),
            self.tr("The network"),
            self.tr("Truth table"),
        )
        for part, title in zip(self.parts, titles, strict=True):
            part.set_title(title)
        self.show_page(self._state)

    def _moved(self, _key: str, x: float, y: float) -> None:
        x1, x2 = snapped(x, y)
        self.edited.emit({"x1": x1, "x2": x2})
