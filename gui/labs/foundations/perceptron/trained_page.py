"""What is trained on points of the plane: the plane with its boundary, the unit or the network as it is now, its numbers, and its
losses. One page for logistic regression, networks, and layers that collapse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PySide6.QtWidgets import QWidget

from engine.figures import measured, percent
from engine.foundations.boards.perceptron_numbers import SigmoidStep, probabilities, sigmoid_step
from engine.foundations.boards.plane_networks import (
    PlaneJudged,
    PlaneMoment,
    PlaneShape,
    answers_on,
    collapsed,
    judged,
    separating_line,
)
from engine.foundations.perceptrons import Perceptron
from engine.foundations.boards.perceptron_numbers import unit_sum
from engine.foundations.unit_functions import RealArray, softmax
from gui.labs.foundations.perceptron.network_drawing import THUMB, DrawnNetwork, DrawnNode, NetworkDrawing
from gui.labs.foundations.perceptron.parts_grid import PartsGrid
from gui.labs.foundations.perceptron.plane_points import SIDE, PlaneScene
from gui.labs.foundations.perceptron.plane_view import DrawnPlane, PlaneView
from gui.labs.foundations.perceptron.state import PerceptronState
from gui.labs.foundations.perceptron.unit_drawing import DrawnUnit, UnitDrawing, sum_in_words
from gui.plots.graphs.graph_parts import GraphLine, GraphPicture
from gui.plots.graphs.graph_plot import GraphPlot
from gui.plots.matrices.plane_plot import class_colour
from gui.widgets.card import Card
from gui.widgets.figure_table import FigureTable
from gui.widgets.labels import label, set_text

LEVELS = (0.1, 0.25, 0.75, 0.9)  # probabilities whose lines are drawn beside the boundary
MOST_LOSS_POINTS = 1000  # of the curve; of more, every second, third, ...


class ShownLosses(NamedTuple):
    """After how many steps, and the loss there."""

    steps: RealArray
    losses: RealArray


class CollapseFigures(NamedTuple):
    """How a network with a share s differs from its product matrix: the largest difference of two classes' scores over the plane
    from what the matrix says, and the line of the matrix (w₁, w₂, b)."""

    apart: float
    line: tuple[float, float, float]
    matrix: RealArray
    bias: RealArray


class TrainedPage(PartsGrid):
    """`show_logistic` and `show_network` show what there is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plane, self.unit, self.network = PlaneView(), UnitDrawing(), NetworkDrawing()
        self.table, self.losses = FigureTable(), GraphPlot()
        self.losses.export_name = "loss"
        self.losses.setMinimumSize(160, 100)
        self.sum, self.note = label("worked", wraps=True), label("accent", wraps=True)
        self.cards = Card(), Card(), Card(), Card()
        plane, drawing, numbers, losses = self.cards
        self.hint = label("small", wraps=True)
        plane.body.addWidget(self.plane, 1)
        plane.body.addWidget(self.hint)
        drawing.body.addWidget(self.unit, 1)
        drawing.body.addWidget(self.network, 1)
        drawing.body.addWidget(self.sum)
        numbers.body.addWidget(self.table)
        numbers.body.addWidget(self.note)
        numbers.body.addStretch(1)
        losses.body.addWidget(self.losses, 1)
        self.collapse: CollapseFigures | None = None
        self.judged = PlaneJudged(0.0, np.zeros(0, np.int64), 1.0)
        self.logistic: SigmoidStep | None = None
        self._topic = ""
        self._told: RealArray = np.zeros((SIDE * SIDE, 2))
        self.plane.set_teller(self._tell)
        self.set_parts(self.cards)

    def _choose(self, topic: str) -> None:
        if topic == self._topic:
            return
        self._topic = topic
        _, drawing, numbers, _ = self.cards
        self.unit.setVisible(topic == "logistic")
        self.sum.setVisible(topic == "logistic")
        self.network.setVisible(topic != "logistic")
        numbers.setVisible(topic != "network")
        self._title()
        self.set_parts(self.cards)

    # --- logistic regression

    def show_logistic(self, state: PerceptronState, scene: PlaneScene, losses: ShownLosses) -> None:
        self._choose("logistic")
        weights = state.sigmoid_weights
        t = (scene.part.t == 1).astype(np.int64)
        now = self.logistic = sigmoid_step(weights, scene.part.x, t, state.sigmoid_rate)
        p = probabilities(weights, scene.places)
        predicted = (probabilities(weights, scene.part.x) >= 0.5).astype(np.int64) if len(t) else t
        self.judged = PlaneJudged(now.loss, np.where(predicted == t, scene.part.t, predicted), now.accuracy)
        shares = np.stack([1 - p, p], axis=1)
        if scene.classes == 3:  # one against the rest: the rest is one colour
            scene = scene._replace(classes=2)
        self._show_plane(DrawnPlane(scene, shares, self.judged, levels=LEVELS))
        first = scene.part.x[0] if len(t) else np.zeros(2)
        found = unit_sum(Perceptron((weights[0], weights[1]), weights[2]), (float(first[0]), float(first[1])))
        drawn = DrawnUnit(found.terms, found.total, float(probabilities(weights, first)), "sigmoid")
        self.unit.show_unit(drawn)
        set_text(self.sum, self.tr("First point: {sum} → p = {p}").format(sum=sum_in_words(drawn), p=measured(drawn.output)))
        after = now.weights + now.step
        rows = [
            ["", "w₁", "w₂", "b"],
            [self.tr("now"), *(measured(value) for value in now.weights.tolist())],
            [self.tr("gradient"), *(measured(value) for value in now.slopes.tolist())],
            [self.tr("− rate · gradient"), *(measured(value) for value in now.step.tolist())],
            [self.tr("next"), *(measured(value) for value in after.tolist())],
        ]
        self.table.set_rows(rows)
        set_text(self.note, "")
        self.note.hide()
        self._show_losses(losses)

    # --- networks

    def show_network(
        self, state: PerceptronState, scene: PlaneScene, shape: PlaneShape, moment: PlaneMoment, losses: ShownLosses
    ) -> None:
        """`shape` is the network as it is looked at, with its share."""
        self._choose(state.topic)
        answer = answers_on(shape, moment.weights, scene.places)
        self.judged = judged(shape, moment.weights, scene.part)
        with np.errstate(invalid="ignore"):
            shares = softmax(answer.scores)
        units = np.vstack([moment.weights[0], moment.weights[1]]).T if len(shape.sizes) > 2 and state.unit_lines else None
        straight: tuple[RealArray, ...] = ()
        if state.topic == "collapse":
            units = None
            straight = self._write_product(shape, moment, scene, answer.scores)
        self._show_plane(DrawnPlane(scene, shares, self.judged, units, straight=straight))
        self.network.show_network(_drawn_network(shape, moment, answer.hidden, shares))
        self._show_losses(losses)

    def _write_product(
        self, shape: PlaneShape, moment: PlaneMoment, scene: PlaneScene, scores: RealArray
    ) -> tuple[RealArray, ...]:
        """The table of the product matrix; returns the fields that are 0 on its lines."""
        one = collapsed(moment.weights)
        linear = scene.places @ one.matrix + one.bias
        lines = [(1, 0)] if scene.classes == 2 else [(1, 0), (2, 1), (2, 0)]
        apart = max(
            float(np.abs((scores[:, a] - scores[:, b]) - (linear[:, a] - linear[:, b])).max()) for a, b in lines
        )
        self.collapse = CollapseFigures(apart, separating_line(one.matrix, one.bias), one.matrix, one.bias)
        heads = [self.tr("class {number}").format(number=number) for number in range(scene.classes)]
        names = ("x₁", "x₂")
        rows = [["", *heads]]
        rows += [[name, *(measured(value) for value in line)] for name, line in zip(names, one.matrix.tolist(), strict=True)]
        rows.append(["b", *(measured(value) for value in one.bias.tolist())])
        self.table.set_rows(rows)
        product = " · ".join(f"{matrix.shape[0]}×{matrix.shape[1]}" for matrix in one.factors)
        w1, w2, b = self.collapse.line
        sign1, sign2 = ("−" if value < 0 else "+" for value in (w2, b))
        line = f"{measured(w1)}·x₁ {sign1} {measured(abs(w2))}·x₂ {sign2} {measured(abs(b))} = 0"
        size = f"{one.matrix.shape[0]}×{one.matrix.shape[1]}"
        set_text(
            self.note,
            self.tr("{product} = {size}. Its boundary between 0 and 1 (dashed): {line}").format(
                product=product, size=size, line=line
            ),
        )
        self.note.show()
        if scene.classes == 2:
            return (linear[:, 1] - linear[:, 0],)
        order = np.sort(linear, axis=1)
        return tuple(
            linear[:, number] - np.where(linear[:, number] == order[:, -1], order[:, -2], order[:, -1]) for number in range(3)
        )

    # --- what all have

    def _show_plane(self, drawn: DrawnPlane) -> None:
        self._told = drawn.shares
        self.plane.show_drawn(drawn)

    def _tell(self, row: int, column: int) -> str:
        """The tooltip of a cell of the grid."""
        drawn = self.plane.drawn
        if drawn is None:
            return ""
        axis = drawn.scene.axis
        place = f"x₁ = {measured(float(axis[column]), 3)}, x₂ = {measured(float(axis[row]), 3)}"
        shares = drawn.shares[row * SIDE + column].tolist()
        lines = [
            self.tr("class {number}: {share}").format(number=number, share=percent(share) if np.isfinite(share) else "NaN")
            for number, share in enumerate(shares)
        ]
        return "\n".join([place, *lines])

    def _show_losses(self, shown: ShownLosses) -> None:
        every = max(1, -(-len(shown.steps) // MOST_LOSS_POINTS))
        steps, losses = shown.steps[::every], shown.losses[::every]
        if len(shown.steps) and steps[-1] != shown.steps[-1]:
            steps, losses = np.append(steps, shown.steps[-1]), np.append(losses, shown.losses[-1])
        finite = losses[np.isfinite(losses)]
        high = float(finite.max()) if len(finite) else 1.0
        last = max(float(steps[-1]) if len(steps) else 1.0, 1.0)
        self.losses.show_picture(
            GraphPicture(
                lines=(GraphLine(self.tr("loss"), steps, losses, 0, dots=len(steps) < 3),),
                x=(0.0, 1.02 * last),
                y=(0.0, 1.06 * max(high, 1e-6)),
                x_name=self.tr("step"),
                legend=False,
            )
        )

    def _title(self) -> None:
        collapse = self._topic == "collapse"
        titles: Sequence[str] = (
            self.tr("Probability and boundary") if self._topic == "logistic" else self.tr("What the network answers"),
            self.tr("The unit") if self._topic == "logistic" else self.tr("The network"),
            self.tr("Product of the matrices") if collapse else self.tr("The next step"),
            self.tr("Loss"),
        )
        for card, title in zip(self.cards, titles, strict=True):
            card.set_title(title)
        set_text(self.hint, self.tr("Click: add a point. Drag: move it. Right click or Delete: remove it."))

    def retranslate(self) -> None:
        self._title()


def _drawn_network(shape: PlaneShape, moment: PlaneMoment, hidden: tuple[RealArray, ...], shares: RealArray) -> DrawnNetwork:
    """Every unit with what it answers over the plane, at every fourth place."""
    every = SIDE // THUMB
    ends = (np.arange(SIDE) + 0.5) / SIDE * 2 - 1
    across, up = np.meshgrid(ends[::every], ends[::every])
    inputs = (DrawnNode("x₁", field=across), DrawnNode("x₂", field=up))
    columns: list[tuple[DrawnNode, ...]] = [inputs]
    for number, values in enumerate(hidden):
        small = values.reshape(SIDE, SIDE, -1)[::every, ::every]
        letter = "h" if len(hidden) == 1 else f"h{chr(0x2081 + number)},"
        columns.append(tuple(DrawnNode(f"{letter}{unit + 1}", field=small[..., unit]) for unit in range(small.shape[2])))
    small = shares.reshape(SIDE, SIDE, -1)[::every, ::every]
    columns.append(
        tuple(DrawnNode(f"y{number}", field=small[..., number], colour=class_colour(number)) for number in range(small.shape[2]))
    )
    return DrawnNetwork(tuple(columns), moment.weights[0::2], moment.weights[1::2])
