"""Layers that collapse: the network with its activation functions turned down to a share s, beside the one matrix that it is at
s = 0."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.figures import full_count, measured
from engine.foundations.boards.perceptron.plane_networks import (
    Collapsed,
    PlaneAnswer,
    PlaneMoment,
    PlaneShape,
    collapsed,
    judged,
    separating_line,
)
from engine.foundations.unit_functions import RealArray
from gui.labs.foundations.perceptron.network_page import NetworkPage
from gui.labs.foundations.perceptron.parts_grid import TitledSection
from gui.labs.foundations.perceptron.plane_points import PlaneScene, scene_of
from gui.labs.foundations.perceptron.plane_view import DrawnPlane
from gui.labs.foundations.perceptron.state import PerceptronState
from gui.labs.foundations.topic_board import TopicFigure
from gui.widgets.figures.figure_table import FigureTable
from gui.widgets.labels import label, set_text

NOTHING = 1e-4  # a difference below this is the rounding of float32


class CollapseFigures(NamedTuple):
    """How a network with a share s differs from its product matrix: the largest difference, over the plane, of two classes'
    scores from what the matrix says; the matrix; its line between the classes 0 and 1 (w₁, w₂, b)."""

    apart: float
    product: Collapsed
    line: tuple[float, float, float]


class CollapsePage(NetworkPage):
    def place_parts(self) -> None:
        self.table, self.note = FigureTable(), label("worked", wraps=True)
        self.figures: CollapseFigures | None = None
        self.product_part = TitledSection()
        self.product_part.body.addWidget(self.table)
        self.product_part.body.addWidget(self.note)
        self.product_part.body.addStretch(1)
        self.grid.set_parts((self.plane_part, self.network_part, self.product_part, self.losses_part))

    def draw_plane(
        self,
        state: PerceptronState,
        scene: PlaneScene,
        shape: PlaneShape,
        moment: PlaneMoment,
        answer: PlaneAnswer,
        shares: RealArray,
    ) -> None:
        pairs = [(1, 0)] if scene.classes == 2 else [(1, 0), (2, 1), (2, 0)]
        with np.errstate(over="ignore", invalid="ignore"):  # what diverges is shown as it is
            product = collapsed(moment.weights)
            linear = scene.places @ product.matrix + product.bias
            apart = max(
                float(np.abs((answer.scores[:, one] - answer.scores[:, other]) - (linear[:, one] - linear[:, other])).max())
                for one, other in pairs
            )
        self.figures = CollapseFigures(apart, product, separating_line(product.matrix, product.bias))
        self._write(scene.classes)
        found = judged(shape, moment.weights, scene.part)
        if scene.classes == 2:
            self.show_plane(DrawnPlane(scene, answer.scores, shares, found, straight=self.figures.line))
        else:
            self.show_plane(DrawnPlane(scene, answer.scores, shares, found, bent=_margins(linear)))

    def _write(self, classes: int) -> None:
        assert self.figures is not None
        _, product, (w1, w2, b) = self.figures
        heads = [self.tr("class {number}").format(number=number) for number in range(classes)]
        lines = [("x₁", product.matrix[0]), ("x₂", product.matrix[1]), ("b", product.bias)]
        self.table.set_rows([["", *heads], *([name, *(measured(each) for each in values.tolist())] for name, values in lines)])
        sizes = " · ".join(f"{matrix.shape[0]}×{matrix.shape[1]}" for matrix in product.factors)
        signs = ["−" if value < 0 else "+" for value in (w2, b)]
        line = f"{measured(w1)} x₁ {signs[0]} {measured(abs(w2))} x₂ {signs[1]} {measured(abs(b))} = 0"
        said = self.tr("{sizes} = {size}. Its line (dashed): {line}")
        set_text(self.note, said.format(sizes=sizes, size=f"2×{classes}", line=line))

    def page_answers(self, state: PerceptronState) -> Sequence[TopicFigure]:
        figures = self.figures
        apart = figures.apart if figures is not None else 0.0
        shape = state.shape(scene_of(state).classes)
        one = 3 * shape.sizes[-1]
        is_one = apart < NOTHING
        note = self.tr("the product's line") if is_one else self.tr("from the product")
        return (
            (self.tr("Difference"), "0" if is_one else measured(apart), note),
            (self.tr("Loss"), measured(self.judged.loss), self.tr("cross-entropy")),
            self.accuracy_figure(),
            (self.tr("Parameters"), full_count(shape.parameters), self.tr("one matrix: {count}").format(count=one)),
        )

    def retranslate(self) -> None:
        self.product_part.set_title(self.tr("The product of the matrices"))
        super().retranslate()


def _margins(scores: RealArray) -> tuple[RealArray, ...]:
    """Fields that are 0 where one class's score is as large as the largest other one."""
    order = np.sort(scores, axis=1)
    return tuple(each - np.where(each == order[:, -1], order[:, -2], order[:, -1]) for each in scores.T)
