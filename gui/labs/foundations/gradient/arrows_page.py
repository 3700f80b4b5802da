"""The gradient as arrows: at every place the direction in which the surface climbs most, and beside it the two cuts whose
slopes it is made of.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import ClassVar

import numpy as np
from PySide6.QtCore import Slot

from engine.figures import measured
from engine.foundations.boards.gradient.arrow_field import arrow_field, surface_of
from engine.foundations.boards.gradient.descent_course import numerical_slopes
from engine.foundations.differences import BOOKS_STEP
from engine.foundations.formula_graph import FormulaError
from engine.foundations.surfaces import Surface
from gui.labs.foundations.gradient.parts.typed_formula import TypedFormula
from gui.labs.foundations.gradient.regression_page import placed
from gui.labs.foundations.gradient.state import GradientState, GradientTopic
from gui.labs.foundations.gradient.terms_page import TermsPage
from gui.labs.foundations.gradient.views import around, arrow_line, heights, with_room_for
from gui.labs.foundations.topic_board import TopicFigure
from gui.labs.foundations.worked_lines import WorkedLines
from gui.plots.graphs.graph_parts import GraphArrow, GraphField, GraphHandle, GraphLine, GraphPicture, GraphPoints
from gui.plots.graphs.graph_plot import GraphPlot
from gui.plots.numbers.ranges import Range
from gui.shell.language import language

SHOWN: Range = (-5.0, 5.0)
SAMPLES = 161  # of a cut
_AXES = ("x₀", "x₁")


class ArrowsPage(TermsPage):
    topic: ClassVar[GradientTopic] = "arrows"

    def __init__(self) -> None:
        self.plot, self.cuts = GraphPlot(), GraphPlot()
        super().__init__(self.plot, self.cuts)
        self.plot.export_name, self.cuts.export_name = "gradient-arrows", "cuts"
        self._shown: Range = SHOWN
        self._surface = self._made(self.state.height, SHOWN)
        self._made_of: tuple[object, ...] = (self.state.height, SHOWN)
        self._ground: tuple[tuple[object, ...], GraphField, GraphLine] | None = None
        self._slopes_at: tuple[object, tuple[float, float]] | None = None  # at the place, and what it is of
        self._dragging = False
        self.formula = TypedFormula("f(x₀, x₁) =")
        self.formula.typed.connect(self._typed)
        self.above = (self.formula,)
        self.worked = WorkedLines(1)
        self.left_part.column.addWidget(self.worked)
        self.keep_rows(2)
        self.plot.handle_moved.connect(self._moved)
        self.plot.handle_released.connect(self._released)
        self.plot.clicked.connect(self._placed)

    @staticmethod
    def _made(text: str, shown: Range) -> Surface:
        return surface_of(text, (*shown, *shown))

    # --- what is drawn

    def draw(self) -> None:
        state = self.state
        self.formula.show_text(state.height)
        if not self._dragging:
            across = with_room_for(SHOWN, (state.place_0, state.place_1))
            self._shown = (-max(map(abs, across)), max(map(abs, across)))
        if self._made_of != (state.height, self._shown):
            try:
                self._surface = self._made(state.height, self._shown)
            except FormulaError as error:  # from a file: the picture of before stays, and the reason is said
                self.formula.say(error.message(language()))
                return
            self._made_of, self._ground = (state.height, self._shown), None
        self.plot.show_picture(self._arrows_picture())
        self.cuts.show_picture(self._cuts_picture())
        self._show_slopes()
        text = self.tr("∇f({place}) = ({slopes}): the two slopes, one for each axis.")
        place = f"{measured(state.place_0)}, {measured(state.place_1)}"
        slopes = ", ".join(measured(each) for each in self._gradient)
        self.worked.show_lines([text.format(place=place, slopes=slopes)])

    @property
    def _gradient(self) -> tuple[float, float]:
        key = (self._made_of, self.state.place_0, self.state.place_1)
        if self._slopes_at is None or self._slopes_at[0] != key:
            with np.errstate(all="ignore"):
                found = self._surface.gradient(key[1:])
            self._slopes_at = key, (float(found[0]), float(found[1]))
        return self._slopes_at[1]

    def _arrows_picture(self) -> GraphPicture:
        state = self.state
        key = (state.arrows, state.downhill)
        if self._ground is None or self._ground[0] != key:
            found = arrow_field(self._surface, (*self._shown, *self._shown), state.arrows)
            name = self.tr("downhill −∇f") if state.downhill else self.tr("gradient ∇f")
            kept = self._ground
            field = kept[1] if kept is not None else heights(self._surface, self._shown, self._shown, self.tr("height"))
            self._ground = (key, field, arrow_line(name, found, "text", turned=state.downhill))
            self._scale = found.scale
        of_0, of_1 = self._gradient
        arrows = []
        if isfinite(of_0) and isfinite(of_1):
            length = self._scale * (-1 if state.downhill else 1)
            arrows.append(GraphArrow(self.tr("here"), state.place_0, state.place_1, of_0 * length, of_1 * length, "warn", 2.4))
        return GraphPicture(
            [self._ground[2]],
            arrows=arrows,
            handles=(GraphHandle("place", self.tr("place"), state.place_0, state.place_1, colour="window"),),
            field=self._ground[1],
            x=self._shown,
            y=self._shown,
            x_name=_AXES[0],
            y_name=_AXES[1],
            square=True,
            tip=self._told,
        )

    def _told(self, x: float, y: float) -> str:
        with np.errstate(all="ignore"):
            height, gradient = float(self._surface.value((x, y))), self._surface.gradient((x, y))
        slopes = ", ".join(measured(float(each), 3) for each in gradient)
        return f"({measured(x, 3)}, {measured(y, 3)})\nf {measured(height)}\n∇f ({slopes})"

    def _cuts_picture(self) -> GraphPicture:
        """The surface along each axis through the place: the partial derivatives are the slopes there."""
        state, along = self.state, np.linspace(*self._shown, SAMPLES)
        with np.errstate(all="ignore"):
            first = self._surface.value(np.stack([along, np.full(SAMPLES, state.place_1)], axis=-1))
            second = self._surface.value(np.stack([np.full(SAMPLES, state.place_0), along], axis=-1))
            height = float(self._surface.value((state.place_0, state.place_1)))
        of_0, of_1 = self._gradient
        lines = []
        cuts = ((state.place_0, of_0, first), (state.place_1, of_1, second))
        for number, (place, slope, values) in enumerate(cuts):
            lines.append(GraphLine(self.tr("along {axis}").format(axis=_AXES[number]), along, values, number))
            near = np.array([-1.0, 1.0]) * (self._shown[1] - self._shown[0]) / 8
            lines.append(GraphLine("", place + near, height + slope * near, number, dashed=1, width=1.4, told=False))
        points = [GraphPoints("", [place for place, _, _ in cuts], [height, height], "window", px=5)]
        finite = np.concatenate([first, second])
        finite = finite[np.isfinite(finite)]
        up = around((float(finite.min()), float(finite.max()))) if len(finite) else None
        names = ", ".join(_AXES)
        return GraphPicture(lines, points, x=self._shown, y=up, x_name=names, y_name="f")

    def _show_slopes(self) -> None:
        state = self.state
        place = np.array([state.place_0, state.place_1])
        with np.errstate(all="ignore"):
            numerical = numerical_slopes(self._surface, place)
            rows = []
            for axis, exact in enumerate(self._gradient):
                step = np.eye(2)[axis] * BOOKS_STEP
                above, below = (float(self._surface.value(each)) for each in (place + step, place - step))
                found = float(numerical[axis])
                names = (f"∂f/∂{_AXES[axis]}", measured(float(place[axis]), 6))
                values = (measured(above, 9), measured(below, 9), measured(found, 9))
                rows.append((*names, *values, measured(exact, 6), measured(abs(found - exact), 2)))
        headings = (
            "",
            self.tr("place"),
            "f(… + h)",
            "f(… − h)",
            self.tr("difference / 2h"),
            self.tr("exact"),
            self.tr("error"),
        )
        self.table.show_rows(headings, rows, tips=("", "", "h = 0.0001", "h = 0.0001"))

    def page_answers(self, state: GradientState) -> Sequence[TopicFigure]:
        state, (of_0, of_1) = self.state, self._gradient
        height = float(self._surface.value((state.place_0, state.place_1)))
        place = f"({measured(state.place_0)}, {measured(state.place_1)})"
        return (
            (self.tr("Height f"), measured(height), self.tr("at {place}").format(place=place)),
            ("∂f/∂x₀", measured(of_0), ""),
            ("∂f/∂x₁", measured(of_1), ""),
            (self.tr("Length of ∇f"), measured(float(np.hypot(of_0, of_1))), self.tr("steepest slope")),
        )

    # --- what the user does

    @Slot(str)
    def _typed(self, text: str) -> None:
        try:
            self._made(text, self._shown)
        except FormulaError as error:
            self.formula.say(error.message(language()))
            return
        self.formula.say("")
        self.edited.emit({"height": text})

    @Slot(str, float, float)
    def _moved(self, _key: str, x: float, y: float) -> None:
        self._dragging = True
        self._placed(x, y)

    @Slot(str)
    def _released(self, _key: str) -> None:
        self._dragging = False
        self.draw()

    @Slot(float, float)
    def _placed(self, x: float, y: float) -> None:
        self.edited.emit({"place_0": placed(x), "place_1": placed(y)})

    # --- words

    def retranslate(self) -> None:
        self.left_part.set_title(self.tr("The gradient at every place: drag the place"))
        self.right_part.set_title(self.tr("Two cuts through the place"))
        self.table_part.set_title(self.tr("The partial derivatives by differences"))
        super().retranslate()
        self.formula.set_tip(self.tr("A formula of x0 and x1, such as x0**2 + x1**2 or sin(x0) * x1; Enter takes it"))
        self._ground = None
        self.draw()
