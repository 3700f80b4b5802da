"""The gradient of a weight matrix: the loss over one of the weights as a curve, whose slope is that entry of dL/dW."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from PySide6.QtCore import Slot

from engine.figures import bracketed, fixed, measured
from engine.foundations.boards.gradient.weight_gradient import SHAPE, WeightGradient, losses_along, weight_gradient
from gui.labs.foundations.gradient.parts.matrix_cells import MatrixCells
from gui.labs.foundations.gradient.parts.terms_table import TermsTable
from gui.labs.foundations.gradient.regression_page import placed
from gui.labs.foundations.gradient.state import ChosenWeight, GradientState, GradientTopic
from gui.labs.foundations.gradient.terms_page import TermsPage, TitledPart
from gui.labs.foundations.gradient.views import around, with_room_for
from gui.labs.foundations.topic_board import TopicFigure
from gui.plots.graphs.graph_parts import GraphHandle, GraphLine, GraphPicture, GraphPoints
from gui.plots.graphs.graph_plot import GraphPlot
from gui.plots.numbers.ranges import Range
from gui.widgets.forms.form import Form
from gui.widgets.labels import label, set_text

SHOWN: Range = (-3.0, 3.0)
SAMPLES = 161
WIDE_BOX_PX = 78


class WeightPage(TermsPage):
    topic: ClassVar[GradientTopic] = "weight"

    def __init__(self) -> None:
        self.plot, self.pass_table, self.matrix = GraphPlot(), TermsTable(around_px=12), MatrixCells()
        super().__init__(self.plot, self.pass_table)
        self.right_part.column.setStretchFactor(self.pass_table, 0)
        self.pass_table.set_choosing(False)
        self.pass_table.keep_rows(7)
        self.matrix_part = TitledPart(self.matrix)
        self.right_part.column.addWidget(self.matrix_part, 1)
        self.matrix.cell_chosen.connect(self._cell_chosen)
        self.plot.export_name = "loss-over-a-weight"
        self._found = self._computed()
        self._shown: Range = SHOWN
        self._dragging = False
        self.title = label("muted")
        self.form = Form(ChosenWeight, words="board_gradient")
        self.form.edited.connect(self._typed)
        for name in ("weight", "sample_0", "sample_1"):
            self.form.number(name).box.setFixedWidth(WIDE_BOX_PX)  # the book's weights have six figures
        self.below = (self.title, self.form)
        self.keep_rows(6)
        self.plot.handle_moved.connect(self._moved)
        self.plot.handle_released.connect(self._released)
        self.table.row_chosen.connect(self._row_chosen)

    def _computed(self) -> WeightGradient:
        return weight_gradient(self.state.weights, self.state.sample, self.state.truth)

    # --- what is drawn

    def draw(self) -> None:
        state = self.state
        self._found = self._computed()
        weight = state.weights[state.entry]
        if not self._dragging:
            self._shown = with_room_for(SHOWN, (weight,))
        text = self.tr("Chosen: {name}")
        set_text(self.title, text.format(name=_name(state.entry)))
        self.form.show_value(ChosenWeight(weight=weight, sample_0=state.sample[0], sample_1=state.sample[1]))
        self.plot.show_picture(self._curve_picture())
        self._show_pass()
        classes = tuple(str(each) for each in range(SHAPE[1]))
        self.matrix.show_matrix(self._found.exact, ("x₀", "x₁"), classes, divmod(state.entry, SHAPE[1]))
        self._show_entries()

    def _curve_picture(self) -> GraphPicture:
        state, found = self.state, self._found
        weight, slope = state.weights[state.entry], float(found.exact.flat[state.entry])
        along = np.linspace(*self._shown, SAMPLES)
        losses = losses_along(state.weights, state.sample, state.truth, state.entry, along)
        lines = [
            GraphLine("L", along, losses, 0),
            GraphLine(
                self.tr("tangent"), along, found.loss + slope * (along - weight), "warn", dashed=1, width=1.2, told=False
            ),
        ]
        low, high = around((float(losses.min()), float(losses.max())))
        return GraphPicture(
            lines,
            [GraphPoints("", [weight], [found.loss], "window", px=5)],
            handles=(GraphHandle("weight", _name(state.entry), weight, found.loss, "x", "window"),),
            x=self._shown,
            y=(max(low, 0.0), high),
            x_name=_name(state.entry),
            y_name=self.tr("loss L"),
        )

    def _show_pass(self) -> None:
        """The forward pass as it is computed: what goes in, the scores, the softmax, and y − t."""
        state, found = self.state, self._found
        truth = np.eye(SHAPE[1])[state.truth]
        headings = (self.tr("class"), *map(str, range(SHAPE[1])))
        rows: list[tuple[str, ...]] = []
        for row in range(SHAPE[0]):
            x = measured(state.sample[row])
            rows.append((f"x{_below(row)} = {x}   ×   W", *(fixed(each) for each in state.weights[3 * row : 3 * row + 3])))
        rows += [
            (self.tr("scores x W"), *(fixed(float(each)) for each in found.scores)),
            (self.tr("softmax y"), *(fixed(float(each)) for each in found.probabilities)),
            (self.tr("truth t"), *(str(int(each)) for each in truth)),
            ("y − t", *(fixed(float(each)) for each in found.probabilities - truth)),
            (self.tr("loss −ln y"), fixed(found.loss)),
        ]
        self.pass_table.show_rows(headings, rows)

    def _show_entries(self) -> None:
        state, found = self.state, self._found
        truth = np.eye(SHAPE[1])[state.truth]
        rows = []
        for entry, (exact, numerical) in enumerate(zip(found.exact.flat, found.numerical.flat, strict=True)):
            row, column = divmod(entry, SHAPE[1])
            error = float(found.probabilities[column] - truth[column])
            product = f"{measured(state.sample[row])} × {bracketed(measured(error))}"
            names = (_name(entry), measured(state.weights[entry], 6), product)
            rows.append(
                (*names, measured(float(exact), 6), measured(float(numerical), 6), measured(abs(float(numerical - exact)), 2))
            )
        headings = ("", self.tr("weight"), "xᵢ (yⱼ − tⱼ)", "∂L/∂W", self.tr("difference, h = 0.0001"), self.tr("apart"))
        tips = (
            "",
            "",
            self.tr("What a linear layer, a softmax and the cross-entropy come to"),
            self.tr("The product: the exact derivative"),
            self.tr("(L(W + h) − L(W − h)) / 2h, each weight by itself"),
        )
        self.table.show_rows(headings, rows, tips=tips, chosen=state.entry)

    def page_answers(self, state: GradientState) -> Sequence[TopicFigure]:
        state, found = self.state, self._found
        exact, numerical = float(found.exact.flat[state.entry]), float(found.numerical.flat[state.entry])
        likely = float(found.probabilities[state.truth])
        apart = float(np.abs(found.numerical - found.exact).max())
        return (
            (self.tr("Loss L"), measured(found.loss), self.tr("the truth has {share}").format(share=measured(likely))),
            (f"∂L/∂{_name(state.entry)}", measured(exact), "xᵢ (yⱼ − tⱼ)"),
            (self.tr("By a difference"), measured(numerical), "h = 0.0001"),
            (self.tr("Largest difference"), measured(apart, 2), self.tr("of all six")),
        )

    # --- what the user does

    def _with_weight(self, value: float) -> None:
        weights = list(self.state.weights)
        weights[self.state.entry] = value
        self.edited.emit({"weights": tuple(weights)})

    @Slot(str, float, float)
    def _moved(self, _key: str, x: float, _y: float) -> None:
        self._dragging = True
        self._with_weight(placed(x))

    @Slot(str)
    def _released(self, _key: str) -> None:
        self._dragging = False
        self.draw()

    @Slot(object)
    def _typed(self, chosen: ChosenWeight) -> None:
        weights = list(self.state.weights)
        weights[self.state.entry] = chosen.weight
        self.edited.emit({"weights": tuple(weights), "sample": (chosen.sample_0, chosen.sample_1)})

    @Slot(int, int)
    def _cell_chosen(self, row: int, column: int) -> None:
        self._row_chosen(SHAPE[1] * row + column)

    @Slot(int)
    def _row_chosen(self, row: int) -> None:
        self.looked.emit({"entry": row})

    # --- words

    def retranslate(self) -> None:
        self.left_part.set_title(self.tr("The loss over one weight: drag it"))
        self.right_part.set_title(self.tr("The forward pass"))
        self.matrix_part.set_title(self.tr("∂L/∂W as a matrix: choose a cell"))
        self.table_part.set_title(self.tr("The gradient of all six weights"))
        super().retranslate()
        self.draw()


def _below(number: int) -> str:
    return "₀₁₂"[number]


def _name(entry: int) -> str:
    """w₀₂: from input 0 to class 2."""
    row, column = divmod(entry, SHAPE[1])
    return f"w{_below(row)}{_below(column)}"
