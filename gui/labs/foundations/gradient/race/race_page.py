"""Numerical against backward gradient: how many passes, how long they will take, and how long they really take.

One forward pass is measured as soon as a network is set; from that the race's time is known. What was raced stays in the table
as long as the window is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from engine.figures import UNKNOWN, full_count, measured, ratio
from engine.foundations.boards.gradient.gradient_race import RaceResult, RaceSizes
from gui.labs.foundations.gradient.race.race_lanes import RaceLane, RaceLanes
from gui.labs.foundations.gradient.race.race_words import time_text
from gui.labs.foundations.gradient.race.race_work import RaceWork, TimedPass
from gui.labs.foundations.gradient.state import GradientState, GradientTopic
from gui.labs.foundations.gradient.terms_page import TermsPage
from gui.labs.foundations.topic_board import TopicFigure
from gui.plots.graphs.graph_parts import GraphLine, GraphPicture, GraphPoints
from gui.plots.graphs.graph_plot import GraphPlot
from gui.widgets.labels import label, set_text

LONGEST_S = 120.0  # of a race that is offered
FRAME_MS = 100


class RacePage(TermsPage):
    topic: ClassVar[GradientTopic] = "race"

    def __init__(self) -> None:
        self.lanes, self.plot, self.note = RaceLanes(), GraphPlot(), label("muted", wraps=True)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.lanes)
        column.addWidget(self.note)
        column.addStretch(1)
        super().__init__(left, self.plot)
        self.plot.export_name = "gradient-times"
        self.column.setStretchFactor(self.table_part, 3)
        self.work = RaceWork(self)
        self.results: list[RaceResult] = []
        self._predicted_s: list[float | None] = []  # of each of them, before it was run
        self._expected_s: float | None = None
        self._timed: TimedPass | None = None
        self._asked: RaceSizes | None = None
        self._stopped = False
        self.start, self.stop = QPushButton(), QPushButton()
        self.left_part.add_tools(self.start, self.stop)
        self.start.clicked.connect(self.race)
        self.stop.clicked.connect(self.give_up)
        self.work.pass_timed.connect(self._pass_timed)
        self.work.ended.connect(self._ended)
        self.work.failed.connect(self._failed)
        self._timer = QTimer(self, interval=FRAME_MS)
        self._timer.timeout.connect(self._draw_lanes)

    # --- what is drawn

    @property
    def timed(self) -> TimedPass | None:
        """One pass of the network that is set; None before it is measured."""
        return self._timed if self._timed is not None and self._timed.sizes == self.state.sizes else None

    @property
    def result(self) -> RaceResult | None:
        """The last race of the network that is set."""
        return next((result for result in reversed(self.results) if result.sizes == self.state.sizes), None)

    def draw(self) -> None:
        sizes = self.state.sizes
        if self.work.racing and self._asked != sizes:
            self.give_up()
        if self.timed is None and not self.work.racing and self._asked != sizes:
            self._asked = sizes
            self.work.time_a_pass(sizes)
        self._draw_lanes()
        self.plot.show_picture(self._times_picture())
        self._show_results()
        self._write_buttons()

    @Slot()
    def _draw_lanes(self) -> None:
        sizes, timed, result = self.state.sizes, self.timed, self.result
        wordings = (
            self.tr("Numerical: 2 × {parameters} = {passes} forward passes"),
            self.tr("Numerical: {passes} passes"),
            self.tr("Numerical"),
        )
        numbers = {"parameters": full_count(sizes.parameters), "passes": full_count(sizes.passes)}
        told = tuple(wording.format(**numbers) for wording in wordings)
        racing = self.work.racing
        done = self.work.passes_done / sizes.passes if racing else 1.0 if result is not None else 0.0
        long_s = result.numerical_s if result is not None and not racing else timed.taken.numerical_s(sizes) if timed else None
        short_s = result.backward_s if result is not None and not racing else timed.taken.backward_s if timed else None
        if racing:
            taken = self.tr("{done} of {passes}").format(
                done=full_count(self.work.passes_done), passes=full_count(sizes.passes)
            )
        elif long_s is None:
            taken = self.tr("measuring one pass...")
        elif result is not None:
            taken = time_text(long_s)
        else:
            taken = self.tr("about {time}").format(time=time_text(long_s))
        share = short_s / long_s if short_s is not None and long_s else 0.0
        self.lanes.show_lanes(
            RaceLane(told, taken, 1.0, done, 1),
            RaceLane(
                (self.tr("Backward: 1 pass for all"), self.tr("Backward: 1 pass")),
                time_text(short_s) if short_s is not None else "",
                min(share, 1.0),
                1.0 if racing or result is not None else 0.0,
                0,
            ),
        )
        set_text(self.note, self._note())

    def _note(self) -> str:
        timed, result, sizes = self.timed, self.result, self.state.sizes
        if result is not None and not self.work.racing:
            text = self.tr(
                "It took {ratio} times as long. They differ most at {name}, by {difference}: {numerical} against {backward}."
            )
            return text.format(
                ratio=ratio(result.numerical_s / result.backward_s),
                name=_entry_name(result),
                difference=measured(result.difference, 2),
                numerical=measured(result.numerical, 6),
                backward=measured(result.backward, 6),
            )
        if timed is None:
            return ""
        one = self.tr("One forward pass took {time}, so all of them take {passes} times that.")
        text = one.format(time=time_text(timed.taken.forward_s), passes=full_count(sizes.passes))
        if timed.taken.numerical_s(sizes) > LONGEST_S:
            text += " " + self.tr("That is too long for a race: choose a smaller network.")
        elif self._stopped:
            text += " " + self.tr("The race was stopped.")
        return text

    def _times_picture(self) -> GraphPicture:
        timed, sizes = self.timed, self.state.sizes
        parameters = np.geomspace(10, 1e6, 31)
        lines, points = [], []
        if timed is not None:
            forward, backward = timed.taken.forward_s, timed.taken.backward_s
            text = self.tr("2 × parameters × {time}")
            lines.append(
                GraphLine(text.format(time=time_text(forward)), parameters, 2 * parameters * forward, 1, dashed=1, width=1.2)
            )
            lines.append(GraphLine(self.tr("one pass backwards"), parameters, np.full(31, backward), 0, dashed=1, width=1.2))
            points.append(
                GraphPoints(self.tr("predicted"), [sizes.parameters], [timed.taken.numerical_s(sizes)], 1, px=6, hollow=True)
            )
        if self.results:
            counts = [result.sizes.parameters for result in self.results]
            points.append(GraphPoints(self.tr("raced: numerical"), counts, [result.numerical_s for result in self.results], 1))
            points.append(
                GraphPoints(self.tr("raced: backward"), counts, [result.backward_s for result in self.results], 0, "square")
            )
        most = max(1e6, *(10.0 * result.sizes.parameters for result in self.results), 2.0 * sizes.parameters)
        return GraphPicture(
            lines,
            points,
            x=(10.0, most),
            y=(1e-5, 1e4),
            log_x=True,
            log_y=True,
            x_name=self.tr("parameters"),
            y_name=self.tr("seconds"),
        )

    def _show_results(self) -> None:
        rows = []
        for result, expected_s in reversed([*zip(self.results, self._predicted_s, strict=True)]):
            sizes = result.sizes
            network = f"{sizes.inputs}-{sizes.hidden}-{sizes.outputs}"
            rows.append(
                (
                    network if sizes.samples == 1 else f"{network}, N = {sizes.samples}",
                    full_count(sizes.parameters),
                    full_count(result.passes),
                    time_text(expected_s) if expected_s is not None else UNKNOWN,
                    time_text(result.numerical_s),
                    time_text(result.backward_s),
                    ratio(result.numerical_s / result.backward_s),
                    measured(result.difference, 2),
                )
            )
        headings = (
            self.tr("network"),
            self.tr("parameters"),
            self.tr("passes"),
            self.tr("predicted"),
            self.tr("numerical"),
            self.tr("backward"),
            self.tr("numerical / backward"),
            self.tr("largest difference"),
        )
        self.table.show_rows(headings, rows or [(self.tr("none yet"), *("",) * 7)])

    def page_answers(self, state: GradientState) -> Sequence[TopicFigure]:
        sizes, timed = self.state.sizes, self.timed
        network = f"{sizes.inputs}-{sizes.hidden}-{sizes.outputs}"
        predicted = time_text(timed.taken.numerical_s(sizes)) if timed else UNKNOWN
        one = time_text(timed.taken.forward_s) if timed else UNKNOWN
        times = ratio(timed.taken.ratio(sizes)) if timed else UNKNOWN
        return (
            (self.tr("Parameters"), full_count(sizes.parameters), network),
            (self.tr("Forward passes"), full_count(sizes.passes), self.tr("against 1 backward")),
            (self.tr("Predicted time"), predicted, self.tr("one pass {time}").format(time=one)),
            (self.tr("Numerical / backward"), times, self.tr("times as long")),
        )

    # --- what the user does

    def play_page(self) -> bool:
        if self.work.racing:
            self.give_up()
        elif self.start.isEnabled():
            self.race()
        return True

    @Slot()
    def race(self) -> None:
        """Run both in truth."""
        self._stopped = False
        self._asked = self.state.sizes
        self._expected_s = self.timed.taken.numerical_s(self.state.sizes) if self.timed else None
        self.work.start(self.state.sizes)
        self._timer.start()
        self.draw()

    @Slot()
    def give_up(self) -> None:
        """Stop the race; nothing of it is kept."""
        self.work.stop()
        self._timer.stop()
        self._stopped = True
        self.draw()

    def page_left(self) -> None:
        if self.work.racing:
            self.give_up()

    def page_busy(self) -> bool:
        return self.work.busy()

    def close_page(self, deadline_s: float) -> None:
        self._timer.stop()
        self.work.close(deadline_s)

    @Slot(object)
    def _pass_timed(self, timed: TimedPass) -> None:
        self._timed = timed
        if timed.sizes == self.state.sizes:
            self.draw()
            self.answers_changed.emit()

    @Slot(object)
    def _ended(self, result: RaceResult) -> None:
        self._timer.stop()
        self.results.append(result)
        self._predicted_s.append(self._expected_s)
        self.draw()
        self.answers_changed.emit()

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        self._timer.stop()
        self.draw()
        raise error

    # --- words

    def _write_buttons(self) -> None:
        timed, sizes = self.timed, self.state.sizes
        offered = timed is not None and timed.taken.numerical_s(sizes) <= LONGEST_S
        self.start.setEnabled(offered and not self.work.racing)
        self.stop.setEnabled(self.work.racing)

    def retranslate(self) -> None:
        self.left_part.set_title(self.tr("The race"))
        self.right_part.set_title(self.tr("Time against parameters"))
        self.table_part.set_title(self.tr("What was raced"))
        super().retranslate()
        self.start.setText(self.tr("Start"))
        self.stop.setText(self.tr("Stop"))
        self.start.setToolTip(self.tr("Compute both gradients in truth (Space)"))
        self.draw()


def _entry_name(result: RaceResult) -> str:
    return f"{result.worst}[{', '.join(map(str, result.place))}]"
