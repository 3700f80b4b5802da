"""The page of the gradient through time: how long the total derivative of the loss is at every time step, of h and of c, on a
logarithmic axis, with the numbers that explain it; of three cells side by side a curve each; and split into the parts that the
loss steps send back.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QColor, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from engine.colours import viridis
from engine.experiments.experiment import Experiment
from engine.figures import UNKNOWN, full_count, measured
from engine.sequences.tasks import CELL_KINDS
from engine.words import CodedError
from gui.labs.sequence.gradients.gradient_question import (
    GradientAnswer,
    GradientQuestion,
    LiveGradient,
    NoRecurrence,
    PartGroup,
    StateName,
    last_part,
    norm_of,
    part_groups,
    slope_of,
    turn_of,
)
from gui.labs.sequence.gradients.gradient_words import GradientWords
from gui.labs.sequence.resting_page import RestingPage
from gui.labs.sequence.sequence_look import SequenceLook
from gui.labs.sequence.text_area import TextArea
from gui.shell.language import language
from gui.shell.on_screen import show_in_front
from gui.shell.theme import theme
from gui.widgets.figures.figure_table import FigureTable
from gui.widgets.forms.controls import Segmented
from gui.widgets.labels import label, set_text

if TYPE_CHECKING:
    from gui.labs.sequence.gradients.book_graph import BookGraphDialog
    from gui.plots.curve_card import CurveLegend
    from gui.plots.sequences.log_lines import LogLinePlot
    from gui.plots.sequences.stacked import StackedPlot

LAST = "last"  # the key of the thin lines in the legend
LOOKS = {"LSTM": (0, 0), "RNN": (1, 1), "GRU": (2, 2)}  # colour and dashes of a cell's curve
NARROW_PX = 290  # a narrower page has no room for the ranges of the figures
MARGINS = (58.0, 6.0, 10.0, 38.0)
FAINT = 0.55
TINTS = (0.08, 0.9)  # the part of the colour map that loss steps take: the ends are too dark and too bright on a ground


class GradientsPage(RestingPage):
    """`show_found` draws the experiment's own cell, `show_found_beside` the others'."""

    asks_beside = True

    def __init__(self) -> None:
        super().__init__()
        self._experiment: Experiment | None = None
        self._answer: GradientAnswer | None = None
        self._beside: dict[str, GradientAnswer] = {}
        self._problem: CodedError | None = None
        self._no_recurrence = False
        self._state: StateName = "h"
        self._words = GradientWords(self)
        self.state, self.parts, self.book = Segmented([("h", "∂L/∂h"), ("c", "∂L/∂c")]), QPushButton(), QPushButton()
        for button in (self.parts, self.book):
            button.setProperty("role", "link")
        self.parts.setCheckable(True)
        self.empty = label("muted", wraps=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence, self.why, self.foot = label("worked", wraps=True), label("muted", wraps=True), label("small", wraps=True)
        self._place, self._plots = QWidget(), QVBoxLayout()
        self.numbers = FigureTable()
        self._lay_out()
        self.state.set_current("h")
        self.state.chosen.connect(self._state_chosen)
        self.parts.clicked.connect(lambda _on: self._show())
        self.book.clicked.connect(self.open_book)
        self.retranslate()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.state)
        head.addWidget(self.parts)
        head.addStretch(1)
        self._plots.setContentsMargins(0, 0, 0, 0)
        self._plots.setSpacing(4)
        self._place.setLayout(self._plots)
        self.body.setSpacing(6)
        self.body.addLayout(head)
        self.body.addWidget(self.empty, 1)
        self.body.addWidget(self._place, 1)
        self.texts = TextArea(self)
        for part in (self.sentence, self.numbers, self.why, self.foot):
            self.texts.column.addWidget(part)
        self.texts.column.addWidget(self.book, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.texts)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 220)

    # --- plots, made when the first answer comes

    @cached_property
    def legend(self) -> CurveLegend:
        from gui.plots.curve_card import CurveLegend
        from gui.plots.look import curve_pen, pen_of

        def pen(key: str) -> QPen:
            if key == LAST:
                return pen_of(self._last_colour(), opacity=FAINT)
            return curve_pen(LOOKS[key][0], dashed=LOOKS[key][1])

        made = CurveLegend(pen)
        self._plots.insertWidget(0, made)
        return made

    @cached_property
    def plot(self) -> LogLinePlot:
        from gui.plots.sequences.log_lines import LogLinePlot

        made = LogLinePlot()
        made.margins = MARGINS
        made.export_name = "gradient through time"
        made.setMinimumHeight(96)
        self._plots.insertWidget(1, made, 3)
        self._name_plot(made)
        return made

    @cached_property
    def stack(self) -> StackedPlot:
        from gui.plots.sequences.stacked import StackedPlot

        made = StackedPlot()
        made.margins = MARGINS
        made.export_name = "parts of the gradient"
        made.setMinimumHeight(80)
        self._plots.addWidget(made, 2)
        self._name_stack(made)
        return made

    def _last_colour(self) -> QColor:
        """Of the thin lines in the legend: the one cell's own, or none where each of several has another."""
        cells = tuple(self.answers)
        return theme().curves[LOOKS[cells[0]][0]] if len(cells) == 1 else theme().text

    # --- what is asked

    def show_run(self, experiment: Experiment | None) -> None:
        self._experiment = experiment
        self._beside.clear()
        self._ask()
        if self._answer is None:
            self._show()

    def look_changed(self, before: SequenceLook) -> None:
        now = self.look
        if (now.sample, now.path, now.layer, now.backward) != (before.sample, before.path, before.layer, before.backward):
            self._ask()
        if now.t != before.t and self._answer is not None:
            self._show_cursor()

    def _ask(self) -> None:
        if self._experiment is None:
            self.ask(None, None)
            return
        look, training = self.look, self._experiment.training
        question = GradientQuestion(
            look.sample,
            look.path,
            look.layer,
            look.backward,
            training.loss,
            training.label_smoothing,
            training.class_weights,
            training.clip,
            getattr(training, "truncated_steps", None),
        )
        self.ask(question, LiveGradient(question))

    def show_found(self, found: Any) -> None:
        self._problem = found if isinstance(found, CodedError) else None
        self._answer = found if isinstance(found, GradientAnswer) else None
        self._no_recurrence = isinstance(found, NoRecurrence)
        if found is None:
            self._beside.clear()
        self._show()

    def show_found_beside(self, cell: str, found: Any) -> None:
        if isinstance(found, GradientAnswer):
            self._beside[cell] = found
        else:
            self._beside.pop(cell, None)
        self._show()

    # --- what is shown

    @property
    def answers(self) -> dict[str, GradientAnswer]:
        """By the kind of cell, the experiment's own first, the others in their order, whichever answers sooner."""
        if self._answer is None:
            return {}
        own = self._answer.through.kind
        others = (cell for cell in CELL_KINDS if cell in self._beside and cell != own)
        found: dict[str, GradientAnswer] = {own: self._answer}
        return found | {cell: self._beside[cell] for cell in others}

    @property
    def shown_state(self) -> StateName:
        """h, or c where a cell has one."""
        has_c = any(found.through.gradients.dc is not None for found in self.answers.values())
        return self._state if has_c else "h"

    def groups(self) -> tuple[PartGroup, ...]:
        """The parts that are drawn: those of the experiment's own cell, or of the one that has the state."""
        found = next(
            (each for each in self.answers.values() if norm_of(each.through.gradients, self.shown_state) is not None), None
        )
        return () if found is None or not self.parts.isChecked() else part_groups(found.through, self.shown_state)

    def _show(self) -> None:
        answers, state = self.answers, self.shown_state
        finite = all(bool(np.isfinite(found.through.gradients.dh).all()) for found in answers.values())
        there = bool(answers) and finite
        self.empty.setVisible(not there)
        set_text(self.empty, self._why_empty(finite=finite))
        self._place.setVisible(there)
        self.parts.setEnabled(there)
        has_c = any(found.through.gradients.dc is not None for found in answers.values())
        self.state.button("c").setEnabled(has_c or not answers)
        self.state.set_current(state)
        if not there:
            for part in (self.sentence, self.numbers, self.why, self.foot):
                part.hide()
            return
        groups = self.groups()
        self._draw(answers, state, groups)
        self._write(answers, state, groups)

    def _draw(self, answers: dict[str, GradientAnswer], state: StateName, groups: tuple[PartGroup, ...]) -> None:
        from gui.plots.lines import PlotLine
        from gui.plots.sequences.log_lines import TintedLine

        lines, entries = list[PlotLine](), list[tuple[str, str, str]]()
        tints = [_tint(number, len(groups)) for number in range(len(groups))]
        for group, tint in zip(groups, tints, strict=True):
            name = self.tr("loss at t = {t}").format(t=full_count(group.steps.stop))
            lines.append(TintedLine(name, group.last_norm.tolist(), tint=tint))
        has_last = False
        for cell, found in answers.items():
            norms = norm_of(found.through.gradients, state)
            if norms is None:
                continue
            colour, dashes = LOOKS[cell]
            last = None if groups else last_part(found.through, state)
            if last is not None:
                name, faint = self.tr("{cell}, last loss").format(cell=cell), _faint(theme().curves[colour])
                lines.append(TintedLine(name, last.tolist(), colour, dashed=dashes, tint=faint))
                has_last = True
            lines.append(PlotLine(cell, norms.tolist(), colour, dashed=dashes, width=2.0))
            entries.append((cell, cell, ""))
        if has_last:
            entries.append((LAST, self.tr("last loss alone", "in the legend"), ""))
        self.legend.set_entries(entries, "")
        self.plot.set_lines(lines)
        self.legend.setVisible(len(entries) > 1 or bool(groups))
        if groups:
            names = tuple(self._words.steps_of(group.steps) for group in groups)
            self.stack.set_parts(names, np.array([group.share for group in groups]), tuple(tints))
        if "stack" in self.__dict__:
            self.stack.setVisible(bool(groups))
        self._name_plot(self.plot)
        self._show_cursor()

    def _show_cursor(self) -> None:
        if self.plot.position is None:
            return
        steps = max((len(line.values) for line in self.plot.lines), default=0)
        if self.plot.position > steps:
            self.plot.set_cursor(None)

    def _write(self, answers: dict[str, GradientAnswer], state: StateName, groups: tuple[PartGroup, ...]) -> None:
        """The sentences first, then the numbers, then why."""
        words, own = self._words, next(iter(answers.values()))
        sentences = [words.course(found.through, state, alone=len(answers) == 1) for found in answers.values()]
        set_text(self.sentence, "\n".join(part for part in sentences if part))
        self.sentence.setVisible(bool(self.sentence.text()))
        self.numbers.show()
        self._write_numbers(answers)
        reason = words.reason(own.through, own.spectra)
        set_text(self.why, f"{own.through.kind}: {reason}" if reason and len(answers) > 1 else reason)
        self.why.setVisible(bool(self.why.text()))
        notes = [
            words.about_parts() if groups else "",
            words.zeros() if self.plot.has_zeros else "",
            words.truncated(own.through),
        ]
        set_text(self.foot, " ".join(note for note in notes if note))
        self.foot.setVisible(bool(self.foot.text()))

    def _write_numbers(self, answers: dict[str, GradientAnswer]) -> None:
        """A line a number; of several cells a column each."""
        heads = [
            self.tr("spectral radius"),
            self.tr("largest singular value"),
            self.tr("slope, decades a step"),
            self.tr("clipping"),
        ]
        names = ["", *answers] if len(answers) > 1 else ["", ""]
        brief = len(answers) > 1 or self.width() < NARROW_PX
        columns = [heads, *(self._numbers_of(found, brief=brief) for found in answers.values())]
        self.numbers.set_rows([names, *map(list, zip(*columns, strict=True))], ("", *self._words.meanings()))

    def _numbers_of(self, found: GradientAnswer, *, brief: bool) -> list[str]:
        through, spectra, words = found.through, found.spectra, self._words
        radius = UNKNOWN if spectra is None else words.ranged(spectra.radius, brief=brief)
        norm = UNKNOWN if spectra is None else words.ranged(spectra.norm, brief=brief)
        slope = None if turn_of(through, self.shown_state) is not None else slope_of(through, self.shown_state)
        return [radius, norm, UNKNOWN if slope is None else measured(slope, 3), words.clipping(through, brief=brief)]

    def _why_empty(self, *, finite: bool) -> str:
        if self._problem is not None:
            return self._problem.message(language())
        if not finite:
            return self.tr("The gradient is no longer made of finite numbers.")
        if self._no_recurrence:
            return self.tr("This network has no recurrent layer: choose RNN, LSTM or GRU.")
        if self._experiment is not None:
            return self.tr("The gradient is being computed...")
        return self.none_yet(
            self.tr("Once a run has begun, the gradient of one sample's loss is followed back through time here.")
        )

    # --- what the user does

    @Slot(str)
    def _state_chosen(self, name: str) -> None:
        self._state = "c" if name == "c" else "h"
        self._show()

    @cached_property
    def book_dialog(self) -> BookGraphDialog:
        from gui.labs.sequence.gradients.book_graph import BookGraphDialog

        return BookGraphDialog(self)

    @Slot()
    def open_book(self) -> None:
        """The gradient graph of the book."""
        show_in_front(self.book_dialog)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._answer is not None:
            self._show()

    # --- words

    def page_title(self) -> str:
        return self.tr("Gradient through time")

    def short_title(self) -> str:
        return self.tr("Gradient", "choice of pages")

    def _name_plot(self, plot: LogLinePlot) -> None:
        plot.set_axis_names(self.tr("Time step t"), "|∂L/∂c|" if self.shown_state == "c" else "|∂L/∂h|")
        plot.setAccessibleName(self.tr("Length of the total gradient at every time step"))

    def _name_stack(self, stack: StackedPlot) -> None:
        stack.set_axis_names(self.tr("Time step t"), self.tr("share"))
        stack.setAccessibleName(self.tr("Shares of the loss steps in the total gradient"))

    def retranslate(self) -> None:
        super().retranslate()
        self.state.setAccessibleName(self.tr("State"))
        self.state.button("h").setToolTip(self.tr("The total derivative of the loss by the hidden state of each time step"))
        self.state.button("c").setToolTip(self.tr("The total derivative by the cell state, which an LSTM alone has"))
        self.parts.setText(self.tr("By loss step"))
        self.parts.setToolTip(self.tr("Split the gradient into the parts that each loss step sends back"))
        self.book.setText(self.tr("The book's graph"))
        self.book.setToolTip(self.tr("The gradient graph of 『밑바닥부터 시작하는 딥러닝 2』, chapter 6"))
        if "plot" in self.__dict__:
            self._name_plot(self.plot)
        if "stack" in self.__dict__:
            self._name_stack(self.stack)
        self._show()


def _faint(colour: QColor) -> QColor:
    """The colour of a thin line."""
    found = QColor(colour)
    found.setAlphaF(FAINT)
    return found


def _tint(number: int, count: int) -> QColor:
    """The colour of one of `count` groups, the first loss steps dark."""
    low, high = TINTS
    place = high if count == 1 else low + (high - low) * number / (count - 1)
    return QColor.fromRgb(int(viridis()[round(255 * place)]))
