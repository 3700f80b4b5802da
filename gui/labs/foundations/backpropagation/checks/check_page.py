"""The pictures of the two topics of gradient checks: a table of what was checked, and of its chosen row the worst entry and
every derivative, the backward pass across and the difference up.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QEvent, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from engine.figures import full_count, measured
from engine.foundations.boards.backpropagation.checked_gradients import CheckedGradients, CheckedTensor
from engine.foundations.boards.backpropagation.graph_walk import TABLE
from engine.foundations.boards.backpropagation.two_layer_check import TwoLayerSetting, count_of
from engine.layers.layer_text import short
from engine.passes.checked.checked_layers import CHECKED_KINDS
from engine.passes.checked.gradient_check import CheckSetting
from gui.bridge import SWITCH_S
from gui.labs.foundations.backpropagation.checks.check_table import BOUND, ROW_PX, CheckRow, CheckTable, place_text
from gui.labs.foundations.backpropagation.checks.check_work import INPUTS, TENSORS, CheckAsk, CheckAsked, CheckCourse
from gui.labs.foundations.backpropagation.state import BackpropagationState
from gui.labs.foundations.long_course import LongCourse
from gui.labs.foundations.topic_board import TopicFigure, TopicPage
from gui.plots.graphs.graph_parts import GraphLine, GraphPicture, GraphPoints
from gui.plots.graphs.graph_plot import GraphPlot
from gui.shell.language import language, say
from gui.widgets.figures.figure_table import FigureTable
from gui.widgets.labels import label, set_text

WORDS_PX, ANY_PX = 270, 16_000  # the most that words take beside the picture
WIDE_PX = 700  # from here on, the picture stands beside the table
MOST_POINTS = 1_500  # of the picture: more lie on each other
MOST_TENSORS = 4  # rows of the chosen layer's own table
MOST_KEPT = 4  # checks: what is undone is there at once
WAIT_MS = 250  # a slider that is dragged starts one check, not one a pixel


class CheckPage(TopicPage):
    """A subclass says what is asked for a state, and the names of its rows."""

    NAME: ClassVar[str]
    BESIDE: ClassVar[bool] = True  # where there is room, the details stand beside the table

    def __init__(self) -> None:
        super().__init__()
        self._state = BackpropagationState()
        self._asked: CheckAsked | None = None  # what the page is about
        self._running: CheckAsked | None = None  # what the course is of
        self._kept: dict[CheckAsked, tuple[CheckedGradients, ...]] = {}  # what was checked last
        self._found: tuple[CheckedGradients, ...] = ()
        self._drawn: tuple[object, ...] = ()  # what the page was last drawn from
        self._failed = ""
        self.work = CheckCourse()
        self.course: LongCourse[CheckAsk, CheckedGradients] = LongCourse(self.work.follow, self, name=self.NAME)
        self.course.advanced.connect(self._advanced)
        self.course.ended.connect(self._ended)
        self.course.failed.connect(self._show_failure)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(WAIT_MS)
        self._wait.timeout.connect(self._start)
        self._watch = QTimer(self)
        self._watch.setInterval(120)
        self._watch.timeout.connect(self._told_on)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setRange(0, 1000)
        self.said = label("muted")
        self.table = CheckTable()
        self.table.setMinimumHeight(120)
        self.table.chosen.connect(lambda name: self.looked.emit({"row": name}))
        self.head = label("heading", wraps=True)
        self.worst = FigureTable()
        self.note = label("small", wraps=True)
        self.plot = GraphPlot()
        self.plot.setMinimumHeight(110)
        self._lay_out()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.said)
        top.addWidget(self.progress, 1)
        detail, self._words = QWidget(), QWidget()
        words = QVBoxLayout(self._words)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(6)
        for part in (self.head, self.worst, self.note):
            words.addWidget(part)
        words.addStretch(1)
        self._inside = QBoxLayout(QBoxLayout.Direction.LeftToRight, detail)
        self._inside.setContentsMargins(0, 0, 0, 0)
        self._inside.setSpacing(8)
        self._inside.addWidget(self._words)
        self._inside.addWidget(self.plot, 1)
        self._blank = QWidget()  # in the plot's place while there is nothing to show
        self._inside.addWidget(self._blank, 1)
        self._sides = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._sides.setSpacing(12)
        self._sides.addWidget(self.table, 1)
        self._sides.addWidget(detail, 1)
        self.column.addLayout(top)
        self.column.addLayout(self._sides, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.BESIDE and self.width() >= WIDE_PX
        self._words.setMaximumWidth(ANY_PX if wide else max(self.width() * 11 // 20, WORDS_PX))
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._sides.setDirection(across if wide else down)
        self._inside.setDirection(down if wide else across)  # below the table, the picture stands beside its words

    # --- what a topic fills in

    def wanted(self, state: BackpropagationState) -> CheckAsked:
        """What is computed for a state."""
        raise NotImplementedError

    def names(self) -> Sequence[str]:
        """The names of all rows, whether they have been found or not."""
        raise NotImplementedError

    def share(self) -> float:
        """How much of what is asked has been done, of 1."""
        raise NotImplementedError

    # --- state to screen

    def show_page(self, state: BackpropagationState) -> None:
        self._state = state
        wanted = self.wanted(state)
        if wanted != self._asked:
            first, self._asked = self._asked is None, wanted
            self._running = None
            self.work.end()
            self._wait.stop()
            if not first and wanted not in self._kept:  # until it rests, nothing is drawn anew
                self._wait.start()
                return
            self._found, self._failed = self._kept.get(wanted, ()), ""
            if first:
                self._start()
        if not self._wait.isActive():
            self._draw()

    @Slot()
    def _start(self) -> None:
        assert self._asked is not None
        sys.setswitchinterval(SWITCH_S)  # or the window waits for the check at every turn
        if self._running is None:
            self._found, self._failed = (), ""
            self._draw()
            self.answers_changed.emit()
        self._running = self._asked
        self.course.start(self.work.begin(self._asked))
        self._watch.start()
        self._write_progress()

    @Slot(object)
    def _advanced(self, found: tuple[CheckedGradients, ...]) -> None:
        if self._running is None:  # of the check before
            return
        self._found = found
        self._draw()
        self.answers_changed.emit()

    @Slot()
    def _ended(self) -> None:
        self._watch.stop()
        if self._running is not None and len(self._found) == len(self.names()):
            self._kept[self._running] = self._found
            for old in list(self._kept)[:-MOST_KEPT]:
                del self._kept[old]
        self._write_progress()
        self.answers_changed.emit()

    @Slot(object)
    def _show_failure(self, error: object) -> None:
        self._failed = str(error)
        self._write_progress()

    @property
    def found(self) -> dict[str, CheckedGradients]:
        """What has been checked so far, by name."""
        return {each.name: each for each in self._found}

    @property
    def chosen(self) -> CheckedGradients | None:
        """What the details are of: the chosen row, or else the one with the largest error so far."""
        found = self.found
        if self._state.row in found:
            return found[self._state.row]
        if self._state.row in self.names():
            return None
        return max(self._found, key=lambda each: each.worst_tensor.worst.error, default=None)

    def _draw(self) -> None:
        state = self._state
        wanted = (self._found, self.names(), state.row, state.at_kinks, state.new_masks, self.width() >= WIDE_PX, language())
        if wanted == self._drawn:
            self._write_progress()
            return
        self._drawn = wanted
        found, chosen = self.found, self.chosen
        name = self._state.row if self._state.row in self.names() else chosen.name if chosen is not None else ""
        self.table.show_rows([CheckRow(each, found.get(each)) for each in self.names()], name)
        self._write_progress()
        if chosen is None:
            self.note.hide()
            set_text(self.head, self.tr("{name}: not checked yet").format(name=name) if name else "")
            self.worst.set_rows([])
            set_text(self.note, "")
            self.plot.hide()
            self._blank.show()
            return
        self._blank.hide()
        self.plot.show()
        tensor = chosen.worst_tensor
        set_text(self.head, short(tensor.layer, language()) if tensor.layer is not None else chosen.name)
        self._write_worst(tensor)
        set_text(self.note, self._note(chosen))
        self.note.setVisible(bool(self.note.text()))
        self._draw_picture(chosen, tensor)

    def _write_worst(self, tensor: CheckedTensor) -> None:
        worst = tensor.worst
        self.worst.set_rows(
            [
                [self.tr("worst entry"), place_text(tensor.name, worst.place)],
                [self.tr("central difference"), measured(worst.numerical, 10)],
                [self.tr("backward pass"), measured(worst.backward, 10)],
                [self.tr("relative error"), measured(worst.error, 2)],
                [self.tr("mean |difference|"), measured(tensor.mean_difference, 2)],
            ]
        )

    def _note(self, chosen: CheckedGradients) -> str:
        sentences = []
        for code in chosen.notes:
            special = (self._state.at_kinks and code in ("kink", "ties")) or (self._state.new_masks and code == "mask")
            sentences.append(say(TABLE, f"note.{code}.on" if special else f"note.{code}"))
        return " ".join(sentences)

    def _draw_picture(self, chosen: CheckedGradients, worst: CheckedTensor) -> None:
        """Every derivative of the chosen row as a point: on the line where both ways agree."""
        backward = np.concatenate([each.backward.reshape(-1) for each in chosen.tensors])
        numerical = np.concatenate([each.numerical.reshape(-1) for each in chosen.tensors])
        if len(backward) > MOST_POINTS:
            some = np.linspace(0, len(backward) - 1, MOST_POINTS).astype(int)
            backward, numerical = backward[some], numerical[some]
        ends = np.array([backward.min(), backward.max()])
        line = GraphLine(self.tr("both are equal"), ends, ends, colour="muted", width=1.0, told=False)
        entry = worst.worst
        points = (
            GraphPoints(self.tr("derivatives"), backward, numerical, colour=0, px=1.6, hollow=True),
            GraphPoints(self.tr("worst"), [entry.backward], [entry.numerical], colour="warn", px=6.0, hollow=True),
        )
        self.plot.show_picture(
            GraphPicture(
                lines=(line,),
                points=points,
                x_name=self.tr("backward pass"),
                y_name=self.tr("central difference"),
                legend=self.width() >= WIDE_PX,
            )
        )

    @property
    def _moved(self) -> int:
        """How many numbers have been moved so far, also of what is under way."""
        return self.work.moved if self.course.busy else sum(each.derivatives for each in self._found)

    @Slot()
    def _told_on(self) -> None:
        """The same count everywhere: in the sentence, and as passes among the figures."""
        self._write_progress()
        self.answers_changed.emit()

    @Slot()
    def _write_progress(self) -> None:
        done, count = len(self._found), len(self.names())
        self.progress.setVisible(self.course.busy)
        self.progress.setValue(round(1000 * self.share()))
        if self._failed:
            set_text(self.said, self._failed)
        elif self.course.busy:
            text = self.tr("Checking, {done} of {count}: {moved} numbers moved")
            set_text(self.said, text.format(done=done, count=count, moved=full_count(self._moved)))
        else:
            text = self.tr("{moved} numbers moved by ±h, {passes} forward passes")
            moved = self._moved
            set_text(self.said, text.format(moved=full_count(moved), passes=full_count(2 * moved)))

    # --- figures

    def page_answers(self, state: BackpropagationState) -> Sequence[TopicFigure]:
        if self._wait.isActive():  # what is drawn is of the settings before
            waits = (self.tr("Worst relative error"), self.tr("At most 10⁻⁷"), self.tr("Checked"), self.tr("Forward passes"))
            return [(title, "…", "") for title in waits]
        worst = max(self._found, key=lambda each: each.worst_tensor.worst.error, default=None)
        below = sum(each.worst_tensor.worst.error <= BOUND for each in self._found)
        moved = self._moved
        count = self.tr("of {count}").format(count=len(self.names()))
        return [
            (
                self.tr("Worst relative error"),
                measured(worst.worst_tensor.worst.error, 2) if worst is not None else "–",
                worst.name if worst is not None else "",
            ),
            (self.tr("At most 10⁻⁷"), full_count(below), count),
            (self.tr("Checked"), full_count(len(self._found)), count),
            (
                self.tr("Forward passes"),
                full_count(2 * moved),
                self.tr("backward: {count}").format(count=self.backward_passes()),
            ),
        ]

    def backward_passes(self) -> int:
        raise NotImplementedError

    def page_busy(self) -> bool:
        return self.course.busy or self._wait.isActive()

    def close_page(self, deadline_s: float) -> None:
        self._wait.stop()
        self._watch.stop()
        self.work.end()
        self.course.close(deadline_s)

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.table.setAccessibleName(self.tr("Checked gradients"))
        self.progress.setAccessibleName(self.tr("Progress of the check"))
        self.plot.setAccessibleName(self.tr("Central differences against the backward pass"))
        self.plot.export_name = "gradient check"
        self._draw()


class LayersCheckPage(CheckPage):
    """Every kind of layer, by torch."""

    NAME = "check-layers"

    def __init__(self) -> None:
        super().__init__()
        self.retranslate()

    def wanted(self, state: BackpropagationState) -> CheckSetting:
        return CheckSetting(state.check_step, state.precision, state.check_seed, state.at_kinks, state.new_masks)

    def names(self) -> Sequence[str]:
        return CHECKED_KINDS

    def share(self) -> float:
        return len(self._found) / len(CHECKED_KINDS)

    def backward_passes(self) -> int:
        """One for each layer that is checked, however many numbers it has."""
        return len({id(tensor.layer) for each in self._found for tensor in each.tensors})


class NetworkCheckPage(CheckPage):
    """The network of two layers of the book."""

    NAME = "check-network"
    BESIDE = False  # four rows

    def __init__(self) -> None:
        super().__init__()
        self.table.setFixedHeight(ROW_PX * len(TENSORS) + self.table.horizontalHeader().sizeHint().height() + 6)
        self.retranslate()

    def wanted(self, state: BackpropagationState) -> TwoLayerSetting:
        return TwoLayerSetting(
            state.hidden,
            state.hidden_activation,
            state.check_step,
            state.samples,
            state.in_logarithm,
            state.check_seed,
        )

    def names(self) -> Sequence[str]:
        return TENSORS

    def share(self) -> float:
        return min(self.work.moved / count_of(self.wanted(self._state), INPUTS), 1.0)

    def backward_passes(self) -> int:
        return 1
