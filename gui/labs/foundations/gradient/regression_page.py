"""A line through own points: beside it the loss over w and b as a surface, where every line is a place; below every residual
with its terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton

from engine.figures import measured, to_figures
from engine.foundations.boards.gradient.regression_numbers import PlacedPoints, RegressionSurface, ResidualTerms, residual_terms
from gui.labs.foundations.gradient.state import FARTHEST, MOST_POINTS, ChosenPoint, GradientState, GradientTopic
from gui.labs.foundations.gradient.terms_page import TermsPage
from gui.labs.foundations.gradient.views import around, heights, shaft, with_room_for
from gui.labs.foundations.topic_board import TopicFigure
from gui.plots.graphs.graph_parts import (
    GraphArrow,
    GraphField,
    GraphHandle,
    GraphLine,
    GraphPicture,
    GraphPoints,
)
from gui.plots.graphs.graph_plot import GraphPlot
from gui.plots.numbers.ranges import Range
from gui.widgets.forms.form import Form
from gui.widgets.labels import label, set_text

W_SHOWN: Range = (-3.0, 3.0)
B_SHOWN: Range = (-8.0, 8.0)
_LONGEST = 0.45  # of the surface's width, is the gradient's arrow at its steepest corner
DECIMALS = 2  # of a number that the mouse has placed


class RegressionPage(TermsPage):
    topic: ClassVar[GradientTopic] = "regression"

    def __init__(self) -> None:
        self.plot, self.surface = GraphPlot(), GraphPlot()
        super().__init__(self.plot, self.surface)
        self.plot.takes_removal = True
        self.plot.export_name, self.surface.export_name = "regression", "loss-surface"
        self._points: PlacedPoints = ()
        self._bowl = RegressionSurface(self.state.points)
        self._views: tuple[Range, ...] = ()
        self._field: GraphField | None = None
        self._dragging = False
        self.title = label("muted")
        self.form = Form(ChosenPoint, words="board_gradient")
        self.form.edited.connect(self._typed)
        self.add, self.remove = QPushButton(), QPushButton()
        self.fit, self.descend = QPushButton(), QPushButton()
        self.below = (self.title, self.form)
        self.left_part.add_tools(self.add, self.remove)
        self.right_part.add_tools(self.fit, self.descend)
        self.add.clicked.connect(self._add_beside)
        self.remove.clicked.connect(self._remove_chosen)
        self.fit.clicked.connect(self._to_best)
        self.descend.clicked.connect(self._descend)
        self.plot.handle_moved.connect(self._point_moved)
        self.plot.handle_released.connect(self._released)
        self.plot.clicked.connect(self._point_added)
        self.plot.removed.connect(self._point_removed)
        self.surface.handle_moved.connect(self._line_moved)
        self.surface.handle_released.connect(self._released)
        self.surface.clicked.connect(self._line_placed)
        self.table.row_chosen.connect(self._row_chosen)

    # --- what is drawn

    def draw(self) -> None:
        state = self.state
        if state.points != self._points:
            self._points, self._bowl, self._field = state.points, RegressionSurface(state.points), None
        self._fit_views()
        terms = residual_terms(state.points, state.w, state.b)
        self.plot.show_picture(self._line_picture(terms))
        self.surface.show_picture(self._surface_picture(terms))
        self._show_terms(terms)
        chosen = state.chosen_point
        x, y = state.points[chosen]
        self.form.show_value(ChosenPoint(point_x=x, point_y=y))
        text = self.tr("Point {number} of {count}")
        set_text(self.title, text.format(number=chosen + 1, count=len(state.points)))
        self.add.setEnabled(len(state.points) < MOST_POINTS)
        self.remove.setEnabled(len(state.points) > 1)
        self.descend.setEnabled(self._bowl.best.unique)

    def _fit_views(self) -> None:
        """What the axes show stays while something is dragged: it would run away from the hand."""
        if self._dragging and self._views:
            return
        state, best = self.state, self._bowl.best
        x, y = zip(*state.points, strict=True)
        views = (around(x), around(y), with_room_for(W_SHOWN, (state.w, best.w)), with_room_for(B_SHOWN, (state.b, best.b)))
        if views != self._views:
            self._views, self._field = views, None

    def _line_picture(self, terms: ResidualTerms) -> GraphPicture:
        state, (across, up, _, _) = self.state, self._views
        best, ends = self._bowl.best, np.array(across)
        x, y = shaft(terms.x, terms.y, terms.answers)
        lines = [
            GraphLine(self.tr("residuals"), x, y, "warn", width=0.0, told=False),
            GraphLine(self.tr("least squares"), ends, best.w * ends + best.b, "ok", dashed=1, width=0.0),
            GraphLine("ŷ = w x + b", ends, state.w * ends + state.b, 0),
        ]
        handles = [
            GraphHandle(
                str(number),
                self.tr("point {number}").format(number=number + 1),
                px,
                py,
                colour="window" if number == state.chosen_point else "accent",
            )
            for number, (px, py) in enumerate(state.points)
        ]
        return GraphPicture(lines, handles=handles, x=across, y=up, x_name="x", y_name="y")

    def _surface_picture(self, terms: ResidualTerms) -> GraphPicture:
        state, best, (_, _, across, up) = self.state, self._bowl.best, self._views
        if self._field is None:
            self._field = heights(self._bowl, across, up, self.tr("mean squared error"))
        of_w, of_b = terms.gradient
        length = self._arrow_scale(of_w, of_b)
        marks: list[GraphLine] = []
        points: list[GraphPoints] = []
        if best.unique:
            points.append(GraphPoints(self.tr("least squares"), [best.w], [best.b], "ok", "cross", px=6))
        else:
            ends, (x, y) = np.array(across), (terms.x.mean(), terms.y.mean())
            marks.append(GraphLine(self.tr("all the best lines"), ends, y - ends * x, "ok", dashed=1, told=False))
        return GraphPicture(
            marks,
            points,
            arrows=(
                GraphArrow(self.tr("gradient ∇L"), state.w, state.b, of_w * length, of_b * length, "warn"),
                GraphArrow(self.tr("downhill −∇L"), state.w, state.b, -of_w * length, -of_b * length, "text"),
            ),
            handles=(GraphHandle("line", self.tr("the line (w, b)"), state.w, state.b, colour="window"),),
            field=self._field,
            x=across,
            y=up,
            x_name="w",
            y_name="b",
            tip=self._told,
        )

    def _arrow_scale(self, of_w: float, of_b: float) -> float:
        """How much longer than the gradient its arrow is. It grows with the gradient's third root, up to the steepest corner's:
        in proportion, it could not be seen near to the lowest place."""
        _, _, across, up = self._views
        wide, high = across[1] - across[0], up[1] - up[0]
        corners = self._bowl.gradient([(w, b) for w in across for b in up])
        steepest, here = (
            float(np.hypot(corners[:, 0] / wide, corners[:, 1] / high).max()),
            float(np.hypot(of_w / wide, of_b / high)),
        )
        return _LONGEST * float(np.cbrt(here / steepest)) / here if steepest > 0 and here > 0 else 0.0

    def _told(self, w: float, b: float) -> str:
        of_w, of_b = (float(each) for each in self._bowl.gradient((w, b)))
        return "\n".join(
            (
                f"w {measured(w, 3)}, b {measured(b, 3)}",
                f"L {measured(float(self._bowl.value((w, b))))}",
                f"∇L ({measured(of_w, 3)}, {measured(of_b, 3)})",
            )
        )

    def _show_terms(self, terms: ResidualTerms) -> None:
        of_w, of_b = terms.gradient
        mean = (self.tr("mean"), "", "", "", "", measured(terms.loss), measured(of_w), measured(of_b))
        each = zip(*(column.tolist() for column in terms), strict=True)
        rows = [(str(number), *(measured(value) for value in values)) for number, values in enumerate(each, start=1)]
        self.table.show_rows(
            ("", "x", "y", "ŷ = w x + b", "e = ŷ − y", "e²", "2 e x", "2 e"),
            [mean, *rows],
            tips=(
                "",
                self.tr("Where the point is"),
                self.tr("What is to be answered there"),
                self.tr("What the line answers"),
                self.tr("Residual: by how much the answer is too high"),
                self.tr("The point's part of the loss; their mean is the mean squared error L"),
                self.tr("The point's part of the derivative by w; their mean is ∂L/∂w"),
                self.tr("The point's part of the derivative by b; their mean is ∂L/∂b"),
            ),
            strong={0},
            chosen=self.state.chosen_point + 1,
        )

    def page_answers(self, state: GradientState) -> Sequence[TopicFigure]:
        terms, best = residual_terms(self.state.points, self.state.w, self.state.b), self._bowl.best
        of_w, of_b = terms.gradient
        place = f"w {measured(best.w)}, b {measured(best.b)}" if best.unique else self.tr("not the only one")
        return (
            (self.tr("Mean squared error L"), measured(terms.loss), ""),
            ("∂L/∂w", measured(of_w), self.tr("mean of 2 e x")),
            ("∂L/∂b", measured(of_b), self.tr("mean of 2 e")),
            (self.tr("Least squares"), measured(best.loss), place),
        )

    # --- what the user does

    @staticmethod
    def _with_points(points: Sequence[tuple[float, float]], chosen: int) -> dict[str, object]:
        return {"points": tuple(points), "point": chosen}

    @Slot(str, float, float)
    def _point_moved(self, key: str, x: float, y: float) -> None:
        self._dragging = True
        points = list(self.state.points)
        points[int(key)] = (placed(x), placed(y))
        self.edited.emit(self._with_points(points, int(key)))

    @Slot(str)
    def _released(self, _key: str) -> None:
        self._dragging = False
        self.draw()

    @Slot(float, float)
    def _point_added(self, x: float, y: float) -> None:
        if len(self.state.points) < MOST_POINTS:
            points = (*self.state.points, (placed(x), placed(y)))
            self.stepped.emit(self._with_points(points, len(points) - 1))

    @Slot()
    def _add_beside(self) -> None:
        """A point on the line of today, in the middle of the picture."""
        (left, right), *_ = self._views
        x = placed((left + right) / 2)
        self._point_added(x, placed(self.state.w * x + self.state.b))

    @Slot(float, float)
    def _point_removed(self, x: float, y: float) -> None:
        apart = [(px - x) ** 2 + (py - y) ** 2 for px, py in self.state.points]
        self._without(apart.index(min(apart)))

    @Slot()
    def _remove_chosen(self) -> None:
        self._without(self.state.chosen_point)

    def _without(self, number: int) -> None:
        points = [point for at, point in enumerate(self.state.points) if at != number]
        if points:
            self.stepped.emit(self._with_points(points, min(number, len(points) - 1)))

    @Slot(object)
    def _typed(self, point: ChosenPoint) -> None:
        points = list(self.state.points)
        points[self.state.chosen_point] = (point.point_x, point.point_y)
        self.edited.emit(self._with_points(points, self.state.chosen_point))

    @Slot(int)
    def _row_chosen(self, row: int) -> None:
        if row:
            self.looked.emit({"point": row - 1})
        else:
            self.draw()  # the row of the mean is no point: the mark goes back

    @Slot(str, float, float)
    def _line_moved(self, _key: str, w: float, b: float) -> None:
        self._dragging = True
        self._line_placed(w, b)

    @Slot(float, float)
    def _line_placed(self, w: float, b: float) -> None:
        self.edited.emit({"w": placed(w), "b": placed(b)})

    @Slot()
    def _to_best(self) -> None:
        best = self._bowl.best
        self.stepped.emit({"w": _inside(best.w), "b": _inside(best.b)})

    @Slot()
    def _descend(self) -> None:
        """Go down from this line, at a rate that is below the limit."""
        limit = 2 / float(self._bowl.curvatures()[-1])
        rate = min(max(to_figures(limit / 4, 1), 1e-12), 1000.0)
        self.stepped.emit(
            {
                "topic": "descent",
                "ground": "line_loss",
                "start_0": _inside(self.state.w),
                "start_1": _inside(self.state.b),
                "rate": rate,
                "steps": 0,
            }
        )

    # --- words

    def retranslate(self) -> None:
        self.left_part.set_title(self.tr("Points and line"))
        self.right_part.set_title(self.tr("Loss L(w, b)"))
        self.table_part.set_title(self.tr("Every residual, term by term"))
        super().retranslate()
        self.plot.set_title("")
        self.add.setText(self.tr("Add"))
        self.add.setToolTip(self.tr("Add a point (or click where it is to be); points are dragged"))
        self.remove.setText(self.tr("Remove"))
        self.remove.setToolTip(self.tr("Remove the chosen point (Delete, or a right click on it)"))
        self.fit.setText(self.tr("Best line"))
        self.fit.setToolTip(self.tr("Set w and b to the least squares"))
        self.descend.setText(self.tr("Descend"))
        self.descend.setToolTip(self.tr("Go down from this line step by step"))
        self._field = None
        self.draw()


def placed(value: float) -> float:
    """A number as a mouse places it: two decimals, which people can read and type, inside of what a state can hold."""
    return round(_inside(value), DECIMALS) + 0.0


def _inside(value: float) -> float:
    return min(max(value, -FARTHEST), FARTHEST)
