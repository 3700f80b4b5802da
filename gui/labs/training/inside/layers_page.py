"""The page of the layers' numbers: a table with a row a layer, the histograms of the chosen one, now and over time, and one of
the numbers of all layers over the steps of the run.

The histograms over time are gathered while the page is on the screen, and only then; the page says of how many. Shown in the
lower group of the pages beside the curves.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from engine.experiments.experiment import Experiment
from engine.figures import full_count, measured
from engine.networks.trace import Path
from engine.passes.layer_values import LayerRow, LayerValues, ValueSpread, layer_values
from gui.labs.training.inside.course_view import CourseView
from gui.labs.training.inside.inside_view import InsideView
from gui.labs.training.inside.layer_courses import OF_A_STEP, LayerCourses, LayerNumber
from gui.labs.training.inside.layer_names import layer_name
from gui.labs.training.inside.layer_table import LayerTable, TableHead, is_finite
from gui.labs.training.inside.spread_history import SpreadHistory
from gui.running.result_page import ModelQuestion, ResultPage
from gui.shell.language import language
from gui.widgets.forms.controls import Segmented
from gui.widgets.labels import label
from gui.widgets.one_line import OneLine

if TYPE_CHECKING:
    from gui.plots.histogram import Histogram
    from gui.plots.matrices.heat_map import HeatMap

LOW_PX = 250  # a lower page has room for one plot
LOWEST_PX = 192  # a page that is lower has no room for the line below the plot
BRIGHTEST = 98  # of 100 shares: one very full part of the range would leave all others dark
FEW = 12  # histograms over time: it is said how there will be more
PLOT_MARGINS = (46.0, 6.0, 8.0, 20.0)  # their figures across are told by the lines around them
TIME_MARGINS = (46.0, 6.0, 76.0, 20.0)


class LayersPage(ResultPage):
    """`view_edited` carries the InsideView that the user has made."""

    view_edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._view = InsideView()
        self._experiment: Experiment | None = None
        self._question: tuple[object, ModelQuestion] | None = None
        self._values: LayerValues | None = None
        self._is_past = False
        self._histories: dict[tuple[Path, str], SpreadHistory] = {}
        self._courses = LayerCourses()
        self._number: LayerNumber = "deviation"  # the last one that was shown over time
        self.empty = label("muted", wraps=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.table, self.head = LayerTable(), TableHead()
        self.foot = OneLine()
        self.shown, self.weights = Segmented(), QPushButton()
        self.weights.setProperty("role", "link")
        self.weights.setCheckable(True)
        self.name = OneLine("title")
        self.before, self.after = QPushButton("‹"), QPushButton("›")
        for button, way in ((self.before, -1), (self.after, 1)):
            button.setProperty("role", "link")
            button.clicked.connect(lambda _on=False, way=way: self._step(way))
        self._numbers, self._spreads = self._table_part(), self._spread_part()
        self.courses = CourseView()
        switch = QHBoxLayout()
        switch.addWidget(self.shown)
        switch.addStretch(1)
        self.body.setSpacing(4)
        self.body.addLayout(switch)
        for part in (self.empty, self._numbers, self._spreads, self.courses):
            self.body.addWidget(part, 1)
        self.table.chosen.connect(self._row_chosen)
        self.table.opened.connect(lambda _number: self._edit(histograms=True, over_time=None))
        self.courses.number_chosen.connect(lambda number: self._edit(over_time=number))
        self.shown.chosen.connect(self._choose_view)
        self.weights.clicked.connect(lambda on: self._edit(side="weights" if on else "activations"))
        self.retranslate()
        self._show()

    def _table_part(self) -> QWidget:
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        inner.setProperty("role", "page")
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.table)
        rows.addStretch(1)
        scroll.setWidget(inner)
        self.rows_area = scroll
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.head)
        column.addWidget(scroll, 1)
        column.addWidget(self.foot)
        return part

    def _spread_part(self) -> QWidget:
        part = QWidget()
        self._plots = QVBoxLayout(part)
        self._plots.setContentsMargins(0, 0, 0, 0)
        self._plots.setSpacing(2)
        row = QHBoxLayout()
        row.addWidget(self.name, 1)
        row.addWidget(self.weights)
        row.addWidget(self.before)
        row.addWidget(self.after)
        self._plots.addLayout(row)
        self.gathered = OneLine()
        self._plots.addWidget(self.gathered)
        return part

    @cached_property
    def over_time(self) -> HeatMap:
        from gui.plots.matrices.heat_map import HeatMap

        made = HeatMap()
        made.margins = TIME_MARGINS
        made.export_name = "histograms over time"
        made.setMinimumHeight(56)
        self._plots.insertWidget(1, made, 3)
        return made

    @cached_property
    def histogram(self) -> Histogram:
        from gui.plots.histogram import Histogram

        made = Histogram()
        made.margins = PLOT_MARGINS
        made.export_name = "histogram"
        made.setMinimumHeight(48)
        self._plots.insertWidget(self._plots.count() - 1, made, 2)
        return made

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 180)

    # --- what is asked

    def page_title(self) -> str:
        return self.tr("Layers")

    def short_title(self) -> str:
        return self.tr("Layers", "choice of pages")

    def show_run(self, experiment: Experiment | None) -> None:
        before, self._experiment = self._experiment, experiment
        if before is None or experiment is None or (before.network, before.data) != (experiment.network, experiment.data):
            self._forget()
        self._show()
        self.question_changed.emit()

    def set_view(self, view: InsideView) -> None:
        """Show it that way; nothing is emitted."""
        if view != self._view:
            self._view = view
            self._show()

    def question(self) -> ModelQuestion | None:
        if self._experiment is None:
            return None
        layers = self._experiment.network.layers
        if self._question is None or self._question[0] != layers:
            self._question = layers, partial(layer_values, layers=layers)
        return self._question[1]

    def next_moment(self, kept: Sequence[int]) -> int | None:
        return None if self._view.over_time is None else self._courses.lacking(kept)

    def show_moment(self, step: int, answer: Any) -> None:
        assert isinstance(answer, LayerValues)
        self._courses.put(step, answer, is_moment=True)
        if self._values is None:
            self._values = answer
        self._show()

    def set_asked_after(self, step: int | None) -> None:
        super().set_asked_after(step)
        self._place_rest()

    def _place_rest(self) -> None:
        self.courses.set_rest(self.asked_after if self._is_past else None)

    def set_past(self, is_past: bool) -> None:
        if is_past != self._is_past:
            self._is_past = is_past
            self._place_rest()
            self._show()

    def show_answer(self, answer: Any) -> None:
        assert answer is None or isinstance(answer, LayerValues)
        if answer is None:
            self._forget()
        else:
            self._values = answer
            for row in answer.rows:
                self._gather(None if self._is_past else answer.step, row)
            if self.asked_after is not None:
                self._courses.put(self.asked_after, answer, is_moment=self._is_past)
        self._show()

    def _gather(self, step: int | None, row: LayerRow) -> None:
        """`step` None: the answer is of a moment of the past, or of a run that has been read from its folder."""
        for side, spread in (("activations", row.activations), ("weights", row.weights)):
            if spread is None:
                continue
            history = self._histories.setdefault((row.path, side), SpreadHistory())
            if step is not None:
                history.add(step, spread)
            elif self.asked_after is not None:
                history.put(self.asked_after, spread)

    def _forget(self) -> None:
        self._values = None
        self._histories.clear()
        self._courses = LayerCourses()

    # --- what is shown

    @property
    def rows(self) -> tuple[LayerRow, ...]:
        """Of a moment of the past, with what was measured near it while the run learned."""
        if self._values is None:
            return ()
        if self._is_past and self.asked_after is not None:
            return self._courses.completed(self._values.rows, self.asked_after)
        return self._values.rows

    @property
    def _current(self) -> int:
        return next((number for number, row in enumerate(self.rows) if row.path == self._view.row), 0)

    def _show(self) -> None:
        there = bool(self.rows)
        self.empty.setVisible(not there)
        view = self._view_name()
        self._numbers.setVisible(there and view == "numbers")
        self._spreads.setVisible(there and view == "histograms")
        self.courses.setVisible(there and view == "over_time")
        self.shown.set_current(view)
        self.shown.setEnabled(there)
        if not there or self._values is None:
            return
        if self._view.over_time is not None:
            self._number = self._view.over_time
            self._show_courses(self._number)
        elif self._view.histograms:
            self._show_spreads(self.rows[self._current])
        else:
            self.table.show_rows(self.rows, [self._name(row) for row in self.rows], self._current)
            self._write_foot(self._values)

    def _view_name(self) -> str:
        return "over_time" if self._view.over_time is not None else "histograms" if self._view.histograms else "numbers"

    def _show_courses(self, number: LayerNumber) -> None:
        rows = self.rows
        self.courses.show_courses(self._courses, number, [row.path for row in rows], [self._name(row) for row in rows])
        if self.courses.is_empty and number == "saturated":
            self.courses.said.set_text(self.tr("No layer of this network can saturate."))
        elif number in OF_A_STEP:
            self.courses.said.set_text(
                self.tr("Known where it was measured while this page was open."),
                self.tr("Measured while open"),
                tip=self._why_unknown(),
            )
        else:
            self.courses.said.set_text(
                self.tr("Also of the kept moments, while the run rests."), self.tr("Also of kept moments")
            )

    def _why_unknown(self) -> str:
        return self.tr(
            "A moment keeps the weights alone. Gradients are measured while this page is open and the run learns; an update "
            "also where the weights of the iteration before were kept."
        )

    def _name(self, row: LayerRow) -> str:
        layers = () if self._experiment is None else self._experiment.network.layers
        return layer_name(layers, row.path, language())

    def _write_foot(self, values: LayerValues) -> None:
        if not all(is_finite(row) for row in values.rows):
            self.foot.set_text(self.tr("The activations are no longer finite numbers."))
            return
        whole = values.searched == values.total
        samples = self.tr("{count} validation samples").format(count=full_count(values.samples))
        dead = self.tr("dead: all {count}") if whole else self.tr("dead: at most, of {searched} of {count}")
        dead = dead.format(count=full_count(values.total), searched=full_count(values.searched))
        parts = [samples, dead]
        if self._is_past and self.asked_after is not None:
            told, tip = self._of_the_step(values, self.asked_after)
            self.foot.set_text(" · ".join([*parts, told]), told, tip=tip)
            return
        if values.update_step is not None:
            parts.append(self.tr("update: iteration {step}").format(step=full_count(values.update_step)))
        self.foot.set_text(" · ".join(parts), " · ".join(parts[:2]), samples)

    def _of_the_step(self, values: LayerValues, step: int) -> tuple[str, str]:
        """Of which iteration the gradient and the update of a moment are, or that they are not known, and why."""
        gradient = self._courses.recorded("gradient", step).step
        update = self._courses.recorded("update", step).step if values.update_step is None else values.update_step
        named = {self.tr("gradient"): gradient, self.tr("update"): update}
        known = [
            self.tr("{number}: iteration {step}").format(number=name, step=full_count(at))
            for name, at in named.items()
            if at is not None
        ]
        unknown = [name for name, at in named.items() if at is None]
        if unknown:
            known.append(self.tr("{numbers}: not recorded here").format(numbers=", ".join(unknown)))
        return " · ".join(known), self._why_unknown() if unknown else ""

    def _show_spreads(self, row: LayerRow) -> None:
        side = self._view.side if row.weights is not None else "activations"
        self._name_plots()
        self.weights.setChecked(side == "weights")
        self.weights.setEnabled(row.weights is not None)
        name = self._name(row)
        of = self.tr("weights") if side == "weights" else self.tr("activations")
        self.name.set_text(f"{name} · {of}", name)
        self.before.setEnabled(self._current > 0)
        self.after.setEnabled(self._current < len(self.rows) - 1)
        spread = row.weights if side == "weights" and row.weights is not None else row.activations
        self._show_now(spread)
        history = self._histories.get((row.path, side))
        picture = None if history is None else history.picture()
        low = self.height() < LOW_PX  # has room for one: of now, which is the last column over time, or of the moment
        of_now = self._is_past or picture is None or len(picture.steps) < 2  # a lone column says less than its histogram
        self.over_time.setVisible(picture is not None and not (low and of_now))
        self.histogram.setVisible(of_now or not low)
        self.gathered.setVisible(self.height() >= LOWEST_PX)
        if picture is None:
            self.gathered.set_text(self.tr("Histograms over time are gathered while the run goes on."))
            return
        shares = picture.shares_VT
        full = float(np.percentile(shares[shares > 0], BRIGHTEST)) if (shares > 0).any() else 1.0
        middles = ((picture.edges[:-1] + picture.edges[1:]) / 2)[::-1]
        self.over_time.set_values(
            shares,
            levels=(0.0, full),
            rows=[measured(float(value), 2) for value in middles],
            columns=[full_count(step) for step in picture.steps],
        )
        steps = picture.steps
        told = self.tr("Gathered while this page is open: {count} histograms, iterations {first} to {last}")
        brief = self.tr("Gathered while open: {count}")
        values = {"count": len(steps), "first": full_count(steps[0]), "last": full_count(steps[-1])}
        said, hint = told.format(**values), self.tr("a replay of the timeline adds those before")
        self.gathered.set_text(*([f"{said} · {hint}"] if len(steps) < FEW else []), said, brief.format(**values))

    def _show_now(self, spread: ValueSpread) -> None:
        edges = spread.edges
        if spread.high <= spread.low:
            edges = np.array([spread.low - 0.5, spread.low + 0.5])
            counts = np.array([int(spread.counts.sum())])
        else:
            counts = spread.counts
        self.histogram.set_counts(counts, edges, missing=spread.missing)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._view_name() != "numbers":
            self._show()

    # --- what the user does

    def _edit(self, **changes: object) -> None:
        self._view = msgspec.structs.replace(self._view, **changes)
        self._show()
        self.view_edited.emit(self._view)
        self.question_changed.emit()

    @Slot(str)
    def _choose_view(self, name: str) -> None:
        self._edit(histograms=name == "histograms", over_time=self._number if name == "over_time" else None)

    @Slot(int)
    def _row_chosen(self, number: int) -> None:
        self.rows_area.ensureVisible(0, self.table.row_place(number).center().y(), 0, self.table.row_place(number).height())
        self._edit(row=self.rows[number].path)

    def _step(self, way: int) -> None:
        number = min(max(self._current + way, 0), len(self.rows) - 1)
        self._edit(row=self.rows[number].path)

    # --- words

    def _heads(self) -> list[tuple[str, str]]:
        """(name, meaning) of the columns."""
        return [
            (self.tr("mean"), self.tr("Mean of all activations of the layer.")),
            (self.tr("dev."), self.tr("Standard deviation of all activations. It should be alike from layer to layer.")),
            (
                self.tr("betw."),
                self.tr(
                    "Deviation between samples, in the root mean square over the layer's cells. Near 0 every sample gives the "
                    "same activations, however healthy the deviation of all looks."
                ),
            ),
            (
                self.tr("satur."),
                self.tr(
                    "Share of activations on a flat end of the function: tanh beyond ±0.97, sigmoid below 0.03 or above "
                    "0.97, ReLU6 at 6. Hardly a gradient comes through there."
                ),
            ),
            (self.tr("dead"), self.tr("Share of units whose output is 0 for every sample of the whole validation set.")),
            (self.tr("grad."), self.tr("Length of the gradient by all of the layer's parameters in the last iteration.")),
            (
                self.tr("update log₁₀"),
                self.tr(
                    "log₁₀(length of the update / length of the weights) of one iteration. About −3, the line, is usual: far "
                    "above it the learning rate is too high, far below too low."
                ),
            ),
        ]

    def _long_heads(self) -> list[tuple[str, str]]:
        """(name, meaning) of the numbers, where there is room."""
        names = (
            self.tr("Activation mean"),
            self.tr("Activation deviation"),
            self.tr("Deviation between samples"),
            self.tr("Saturated share"),
            self.tr("Dead share"),
            self.tr("Gradient length"),
            self.tr("Update / weight (log₁₀)"),
        )
        return [(name, meaning) for name, (_, meaning) in zip(names, self._heads(), strict=True)]

    def retranslate(self) -> None:
        super().retranslate()
        heads = self._heads()
        self.head.set_names(heads)
        self.table.set_heads(heads)
        self.courses.set_numbers(self._long_heads())
        self.courses.choice.setAccessibleName(self.tr("Number over time"))
        self.table.setAccessibleName(self.tr("Numbers of each layer"))
        self.shown.set_choices(
            [("numbers", self.tr("Numbers")), ("histograms", self.tr("Histograms")), ("over_time", self.tr("Over time"))]
        )
        self.weights.setText(self.tr("Weights"))
        self.weights.setToolTip(self.tr("The histograms of the layer's weights instead of its activations"))
        self.shown.setAccessibleName(self.tr("What is shown of the layers"))
        self.before.setAccessibleName(self.tr("The layer before"))
        self.after.setAccessibleName(self.tr("The next layer"))
        self.empty.setText(self.none_yet(self.tr("Once a run has begun, the numbers of its layers appear here.")))
        self._show()

    def _name_plots(self) -> None:
        self.over_time.setAccessibleName(self.tr("Histogram over time"))
        self.over_time.set_axis_names("", "")
        self.histogram.setAccessibleName(self.tr("Histogram now"))
        self.histogram.set_axis_names("", "")
