"""The derivative as a limit: the secant becomes the tangent as h shrinks, until rounding eats the difference."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10
from typing import ClassVar

import numpy as np
from PySide6.QtCore import Slot

from engine.figures import UNKNOWN, bracketed, measured, to_figures
from engine.foundations.boards.gradient.difference_sweep import (
    DIFFERENCES,
    PRECISIONS,
    STEPS_A_DECADE,
    DifferenceKind,
    DifferenceSweep,
    Secant,
    secant,
    sweep,
)
from engine.foundations.boards.gradient.number_slopes import formula_of_x, value_of
from engine.foundations.formula_graph import Formula, FormulaError
from gui.labs.foundations.gradient.parts.typed_formula import TypedFormula
from gui.labs.foundations.gradient.regression_page import placed
from gui.labs.foundations.gradient.state import GradientState, GradientTopic
from gui.labs.foundations.gradient.terms_page import TermsPage
from gui.labs.foundations.gradient.views import around, quantile
from gui.labs.foundations.topic_board import TopicFigure
from gui.labs.foundations.worked_lines import WorkedLines
from gui.plots.graphs.graph_parts import GraphHandle, GraphLine, GraphMark, GraphPicture, GraphPoints, GraphTone, GraphValues
from gui.plots.graphs.graph_plot import GraphPlot
from gui.plots.numbers.ranges import Range, nice_unit
from gui.shell.language import language

SAMPLES = 301  # of a curve
LEAST_H, MOST_H = 1e-16, 1.0
DOWN, UP = 4, 2  # decades that the axis of errors moves by, at its ends
_EASE = 0.25  # round places are not where the axis jumps
_SEEN = 0.02  # of the picture's width: a nearer place is not told apart from x
_COLOURS: dict[tuple[DifferenceKind, str], GraphTone] = {
    ("forward", "float32"): 3,
    ("central", "float32"): 1,
    ("forward", "float64"): 2,
    ("central", "float64"): 0,
}


class DerivativePage(TermsPage):
    topic: ClassVar[GradientTopic] = "derivative"

    def __init__(self) -> None:
        self.plot, self.errors = GraphPlot(), GraphPlot()
        super().__init__(self.plot, self.errors)
        self.plot.export_name, self.errors.export_name = "secant", "error-against-h"
        self._formula: Formula = formula_of_x(self.state.formula)
        self._sweep: DifferenceSweep = sweep(self._formula, self.state.at)
        self._swept: tuple[str, float] = (self.state.formula, self.state.at)
        self._secant: Secant = secant(self._formula, self.state.at, self.state.h, "central")
        self._rows: list[tuple[str, ...]] = []  # of the table
        self._row_steps: list[float] = []  # the h of each row that is shown
        self._written_of: tuple[object, ...] = ()  # what they were written from
        self.formula = TypedFormula("f(x) =")
        self.formula.typed.connect(self._typed)
        self.above = (self.formula,)
        self.worked = WorkedLines(3)
        self.left_part.column.addWidget(self.worked)
        self.plot.handle_moved.connect(self._moved)
        self.errors.handle_moved.connect(self._step_moved)
        self.errors.clicked.connect(self._step_clicked)
        self.table.row_chosen.connect(self._row_chosen)

    # --- what is drawn

    def draw(self) -> None:
        state = self.state
        self.formula.show_text(state.formula)
        if self._swept != (state.formula, state.at):
            try:
                self._formula = formula_of_x(state.formula)
            except FormulaError as error:  # from a file: the picture of before stays, and the reason is said
                self.formula.say(error.message(language()))
                return
            self._swept = (state.formula, state.at)
            self._sweep = sweep(self._formula, state.at)
        self._secant = secant(self._formula, state.at, state.h, state.difference, state.precision)
        self.plot.show_picture(self._curve_picture())
        self.errors.show_picture(self._error_picture())
        self._show_errors()
        self.worked.show_lines(self._worked())

    def _worked(self) -> list[str]:
        """The difference with its numbers put in."""
        found, central = self._secant, self.state.difference == "central"
        left, right = (measured(place, 12) for place in found.places)
        low, high = (measured(value, 12) for value in found.values)
        below = f"2 × {measured(self.state.h)}" if central else measured(self.state.h)
        return [
            f"(f({right}) − f({left})) / ({below})",
            f"= ({high} − {bracketed(low)}) / ({below})",
            f"= {_all_digits(found.slope, self.state.precision)}",
        ]

    def _curve_picture(self) -> GraphPicture:
        state, found = self.state, self._secant
        across = shown_around(state.at)
        x = np.linspace(*across, SAMPLES)
        with np.errstate(all="ignore"):
            y = np.broadcast_to(value_of(self._formula, x, np.float64), x.shape).astype(np.float64)
        up = _seen_range(y, self._sweep.slopes[0])
        height, slope = self._sweep.slopes[:2]
        middle = (found.values[0], found.places[0])
        lines = [
            GraphLine("f(x)", x, y, 0),
            GraphLine(self.tr("tangent"), x, height + slope * (x - state.at), "ok", dashed=1, width=1.2),
            GraphLine(self.tr("secant"), x, middle[0] + found.slope * (x - middle[1]), "warn", width=1.4),
        ]
        points = [GraphPoints(self.tr("places that are read"), found.places, found.values, "warn", px=4.5)]
        handles = [GraphHandle("x", "x", state.at, height, "x", "accent")] if np.isfinite(height) else []
        if state.h > _SEEN * (across[1] - across[0]) and np.isfinite(found.values[1]):
            handles.append(GraphHandle("h", "x + h", state.at + state.h, found.values[1], "x", "window"))
        return GraphPicture(lines, points, handles=handles, x=across, y=up, x_name="x", y_name="f(x)")

    def _error_picture(self) -> GraphPicture:
        state, steps, chosen = self.state, self._sweep.steps, (self.state.difference, self.state.precision)
        lines, marks = [], []
        for key, curve in self._sweep.curves.items():
            own = key == chosen
            lines.append(
                GraphLine(
                    self._named(*key),
                    steps,
                    curve.errors,
                    _COLOURS[key],
                    width=2.2 if own else 0.0,
                    opacity=1.0 if own else 0.6,
                )
            )
            if own:
                lines.append(GraphLine(self.tr("theory"), steps, curve.theory, "text", dashed=1, width=0.0))
                if curve.best is not None and LEAST_H <= curve.best <= MOST_H:
                    text = self.tr("best h in theory: {h}")
                    marks.append(GraphMark(text.format(h=measured(curve.best, 3)), curve.best, "x", "ok"))
        shown = max(self._secant.error, 1e-17) if np.isfinite(self._secant.error) else 1e-17
        handles = [GraphHandle("h", "h", state.h, shown, "x", "window")]
        told = np.concatenate([curve.errors for curve in self._sweep.curves.values()])
        told = told[np.isfinite(told) & (told > 0)]
        return GraphPicture(
            lines,
            handles=handles,
            marks=marks,
            x=(LEAST_H, MOST_H),
            y=shown_errors(told),
            log_x=True,
            log_y=True,
            x_name="h",
            y_name=self.tr("|difference − f'(x)|"),
        )

    def _named(self, kind: DifferenceKind, precision: str) -> str:
        name = self.tr("forward") if kind == "forward" else self.tr("central")
        return f"{name}, {precision}"

    def _show_errors(self) -> None:
        state, found = self.state, self._sweep
        keys = [(kind, precision) for precision in PRECISIONS for kind in DIFFERENCES]
        written_of = (*self._swept, state.difference, state.precision)
        if written_of != self._written_of:
            self._written_of, columns = written_of, slice(None, None, STEPS_A_DECADE)
            slopes = found.curves[state.difference, state.precision].found[columns].tolist()
            errors = zip(*(found.curves[key].errors[columns].tolist() for key in keys), strict=True)
            self._rows = [
                (measured(step), measured(slope, 7), *(measured(each, 3) for each in row))
                for step, slope, row in zip(found.steps[columns].tolist(), slopes, errors, strict=True)
            ]
        steps = found.steps[::STEPS_A_DECADE].tolist()
        at = next((row for row, step in enumerate(steps) if step <= state.h), len(steps))
        rows, self._row_steps = self._rows, steps
        if at == len(steps) or steps[at] != state.h:  # between two powers of ten: a row of its own
            rows = [*rows[:at], self._row_of_h(keys), *rows[at:]]
            self._row_steps = [*steps[:at], state.h, *steps[at:]]
        own = found.curves[state.difference, state.precision].errors[::STEPS_A_DECADE]
        best = set() if np.isnan(own).all() else {self._row_steps.index(steps[int(np.nanargmin(own))])}
        headings = ("h", self.tr("difference"), *(self._named(*key) for key in keys))
        tips = (
            "",
            self.tr("The slope that the chosen difference gives"),
            *([self.tr("How far it is from the derivative")] * 4),
        )
        self.table.show_rows(headings, rows, tips=tips, strong=best, chosen=at)

    def _row_of_h(self, keys: Sequence[tuple[DifferenceKind, str]]) -> tuple[str, ...]:
        """The row of the h that is set."""
        errors = (secant(self._formula, self.state.at, self.state.h, *key).error for key in keys)
        return measured(self.state.h), measured(self._secant.slope, 7), *(measured(each, 3) for each in errors)

    def page_answers(self, state: GradientState) -> Sequence[TopicFigure]:
        state, found = self.state, self._secant
        curve = self._sweep.curves[state.difference, state.precision]
        lowest = self._sweep.lowest(state.difference, state.precision)
        best = measured(curve.best, 3) if curve.best is not None else UNKNOWN
        where = ""
        if curve.best is None and np.isfinite(found.derivative):
            where = self.tr("none: {slope} = 0").format(slope="f'''" if state.difference == "central" else "f''")
        elif lowest is not None:
            where = self.tr("found at {h}").format(h=measured(lowest[0], 3))
        return (
            (self.tr("Difference"), _all_digits(found.slope, state.precision), ""),
            (self.tr("Derivative f'(x)"), measured(found.derivative, 9), ""),
            (self.tr("Error"), measured(found.error, 3), ""),
            (self.tr("Best h in theory"), best, where),
        )

    # --- what the user does

    @Slot(str)
    def _typed(self, text: str) -> None:
        try:
            formula_of_x(text)
        except FormulaError as error:
            self.formula.say(error.message(language()))
            return
        self.formula.say("")
        self.edited.emit({"formula": text})

    @Slot(str, float, float)
    def _moved(self, key: str, x: float, _y: float) -> None:
        if key == "x":
            self.edited.emit({"at": placed(x)})
        else:
            self._take_step(x - self.state.at)

    @Slot(str, float, float)
    def _step_moved(self, _key: str, h: float, _y: float) -> None:
        self._take_step(h)

    @Slot(float, float)
    def _step_clicked(self, h: float, _y: float) -> None:
        self._take_step(h)

    def _take_step(self, h: float) -> None:
        """Two figures, as the slider has them."""
        h = min(max(h, LEAST_H), MOST_H)
        self.edited.emit({"h": min(max(to_figures(h, 2), LEAST_H), MOST_H)})

    @Slot(int)
    def _row_chosen(self, row: int) -> None:
        self.edited.emit({"h": float(self._row_steps[row])})

    # --- words

    def retranslate(self) -> None:
        self.left_part.set_title(self.tr("Secant and tangent: drag x and x + h"))
        self.right_part.set_title(self.tr("Error against h: drag h"))
        self.table_part.set_title(self.tr("The error for every power of ten, and for h"))
        super().retranslate()
        self.formula.set_tip(self.tr("A formula of x, such as 0.01*x**2 + 0.1*x or exp(-x**2); Enter takes it"))
        self.draw()


def shown_around(x: float) -> Range:
    """The part of the axis around a place: it stays while x moves a little, so that the curve stands still."""
    half = max(3.0, abs(x))
    unit = nice_unit(half / 2)
    return floor((x - half) / unit + _EASE) * unit, ceil((x + half) / unit - _EASE) * unit


def shown_errors(errors: GraphValues) -> Range | None:
    """Some decades around all errors, in strides: the axis moves seldom while x does."""
    if not len(errors):
        return None
    low, high = log10(float(errors.min())), log10(float(errors.max()))
    return 10.0 ** (DOWN * floor(low / DOWN - _EASE)), 10.0 ** (UP * ceil(high / UP + _EASE / 2))


def _all_digits(value: float, precision: str) -> str:
    """A slope to its last digit, as a program prints it."""
    return measured(value, 16 if precision == "float64" else 8)


def _seen_range(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]], height: float) -> Range:
    """What of a curve is shown: all, but no more than what lies around f(x) where the ends run away."""
    finite = values[np.isfinite(values)]
    if not len(finite):
        return (-1.0, 1.0)
    return around((quantile(finite, 0.04), quantile(finite, 0.96), *((height,) if np.isfinite(height) else ())))
